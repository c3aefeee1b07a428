/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <stdbool.h>

#include <uk/arch/frame.h>

/* Whether what stands before the address is a call: e8 and four bytes, or ff with 2 in the middle of its second byte,
 * which an address of up to five bytes follows (Intel SDM vol. 2, CALL). */
static bool follows_call(uintptr_t at)
{
	const unsigned char *p = (const unsigned char *)at;

	if (p[-5] == 0xe8)
		return true;
	for (int length = 2; length <= 7; length++)
		if (p[-length] == 0xff && (p[1 - length] & 0x38) == 0x10)
			return true;
	return false;
}

size_t uk_arch_scan(uintptr_t low, uintptr_t high, uintptr_t text, uintptr_t text_end, uintptr_t *out, size_t max)
{
	size_t n = 0;

	low = (low + sizeof(uintptr_t) - 1) & ~(sizeof(uintptr_t) - 1);
	for (; n < max && low < high && high - low >= sizeof(uintptr_t); low += sizeof(uintptr_t)) {
		uintptr_t word = *(const uintptr_t *)low;

		if (word >= text + 7 && word < text_end && follows_call(word))
			out[n++] = word;
	}
	return n;
}
