/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <uk/arch/frame.h>

/* What a function with a frame pointer leaves at it (System V ABI, 3.2.2). */
struct frame {
	uintptr_t next;
	uintptr_t ret;
};

size_t uk_arch_backtrace(uintptr_t fp, uintptr_t low, uintptr_t high, uintptr_t *out, size_t max)
{
	size_t n = 0;

	while (n < max && fp >= low && fp < high && high - fp >= sizeof(struct frame) && fp % sizeof(uintptr_t) == 0) {
		const struct frame *f = (const struct frame *)fp;

		if (f->ret == 0)
			break;
		out[n++] = f->ret;
		low = fp + sizeof(*f);
		fp = f->next;
	}
	return n;
}
