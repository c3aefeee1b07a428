/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* memcpy and its kin in general registers: short areas by two overlapping accesses, medium ones by words, long ones
 * by the architecture's block instructions. Both ends are loaded before the first store, so that the upward copy
 * also serves memmove to a lower address.
 *
 * Compiled without builtins: the compiler must not turn these loops into calls of themselves. */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <uk/arch/block.h>

#ifndef __clang__ /* clang knows neither the option nor the need: -fno-builtin is enough for it */
#pragma GCC optimize("no-tree-loop-distribute-patterns")
#endif

/* Words at any address that may alias anything. */
struct w8 {
	uint64_t v;
} __attribute__((packed, may_alias));
struct w4 {
	uint32_t v;
} __attribute__((packed, may_alias));
struct w2 {
	uint16_t v;
} __attribute__((packed, may_alias));

#define AT8(p, i) (((struct w8 *)((p) + (i)))->v)
#define AT4(p, i) (((struct w4 *)((p) + (i)))->v)
#define AT2(p, i) (((struct w2 *)((p) + (i)))->v)
#define AT1(p, i) (*(unsigned char *)((p) + (i)))

#define BLOCK_MIN 512 /* from here on the start-up cost of the block instructions is repaid */

/* n < 16, overlapping in any way: all is loaded before anything is stored. */
static inline void copy_short(uintptr_t d, uintptr_t s, size_t n)
{
	if (n >= 8) {
		uint64_t head = AT8(s, 0), tail = AT8(s, n - 8);

		AT8(d, 0) = head;
		AT8(d, n - 8) = tail;
	} else if (n >= 4) {
		uint32_t head = AT4(s, 0), tail = AT4(s, n - 4);

		AT4(d, 0) = head;
		AT4(d, n - 4) = tail;
	} else if (n >= 2) {
		uint16_t head = AT2(s, 0), tail = AT2(s, n - 2);

		AT2(d, 0) = head;
		AT2(d, n - 2) = tail;
	} else if (n) {
		AT1(d, 0) = AT1(s, 0);
	}
}

/* n >= 16, d below s or apart from it. The ends are stored last: see the top of the file. */
static inline void copy_up(uintptr_t d, uintptr_t s, size_t n)
{
	uint64_t head0 = AT8(s, 0), head1 = AT8(s, 8), tail = AT8(s, n - 8);
	size_t i = 16 - d % 16;

	if (n >= BLOCK_MIN) {
		uk_arch_copy_words((void *)(d + i), (const void *)(s + i), (n - i) / 8);
	} else {
		for (; i + 32 <= n; i += 32) {
			uint64_t a = AT8(s, i), b = AT8(s, i + 8), c = AT8(s, i + 16), e = AT8(s, i + 24);

			AT8(d, i) = a;
			AT8(d, i + 8) = b;
			AT8(d, i + 16) = c;
			AT8(d, i + 24) = e;
		}
		for (; i + 8 <= n; i += 8)
			AT8(d, i) = AT8(s, i);
	}
	AT8(d, 0) = head0;
	AT8(d, 8) = head1;
	AT8(d, n - 8) = tail;
}

/* n >= 16, d above s. */
static inline void copy_down(uintptr_t d, uintptr_t s, size_t n)
{
	uint64_t head0 = AT8(s, 0), head1 = AT8(s, 8);

	for (; n >= 48; n -= 32) {
		uint64_t a = AT8(s, n - 8), b = AT8(s, n - 16), c = AT8(s, n - 24), e = AT8(s, n - 32);

		AT8(d, n - 8) = a;
		AT8(d, n - 16) = b;
		AT8(d, n - 24) = c;
		AT8(d, n - 32) = e;
	}
	for (; n > 16; n -= 8)
		AT8(d, n - 8) = AT8(s, n - 8);
	AT8(d, 0) = head0;
	AT8(d, 8) = head1;
}

void *memcpy(void *restrict dst, const void *restrict src, size_t n)
{
	if (n < 16)
		copy_short((uintptr_t)dst, (uintptr_t)src, n);
	else
		copy_up((uintptr_t)dst, (uintptr_t)src, n);
	return dst;
}

void *memmove(void *dst, const void *src, size_t n)
{
	uintptr_t d = (uintptr_t)dst, s = (uintptr_t)src;

	if (n >= 16 && d - s < n)
		copy_down(d, s, n);
	else
		memcpy(dst, src, n);
	return dst;
}

static inline void fill_short(uintptr_t d, uint64_t v, size_t n)
{
	if (n >= 8) {
		AT8(d, 0) = v;
		AT8(d, n - 8) = v;
	} else if (n >= 4) {
		AT4(d, 0) = (uint32_t)v;
		AT4(d, n - 4) = (uint32_t)v;
	} else if (n) {
		AT1(d, 0) = (unsigned char)v;
		AT1(d, n / 2) = (unsigned char)v;
		AT1(d, n - 1) = (unsigned char)v;
	}
}

void *memset(void *dst, int c, size_t n)
{
	uintptr_t d = (uintptr_t)dst;
	uint64_t v = (unsigned char)c * UINT64_C(0x0101010101010101);
	size_t i = 8 - d % 8;

	if (n < 16) {
		fill_short(d, v, n);
		return dst;
	}
	AT8(d, 0) = v;
	AT8(d, n - 8) = v;
	if (n >= BLOCK_MIN) {
		uk_arch_fill_words((void *)(d + i), v, (n - i) / 8);
		return dst;
	}
	for (; i + 32 <= n; i += 32) {
		AT8(d, i) = v;
		AT8(d, i + 8) = v;
		AT8(d, i + 16) = v;
		AT8(d, i + 24) = v;
	}
	for (; i + 8 <= n; i += 8)
		AT8(d, i) = v;
	return dst;
}

int memcmp(const void *a, const void *b, size_t n)
{
	uintptr_t x = (uintptr_t)a, y = (uintptr_t)b;
	size_t i = 0;

	while (i + 8 <= n && AT8(x, i) == AT8(y, i))
		i += 8;
	for (; i < n; i++)
		if (AT1(x, i) != AT1(y, i))
			return AT1(x, i) - AT1(y, i);
	return 0;
}

/* Whether one of the eight bytes is zero: a borrow reaches its top bit, which was clear. */
static inline bool has_zero(uint64_t v)
{
	return (v - UINT64_C(0x0101010101010101)) & ~v & UINT64_C(0x8080808080808080);
}

void *memchr(const void *s, int c, size_t n)
{
	uintptr_t p = (uintptr_t)s, end = p + n;
	uint64_t pattern = (unsigned char)c * UINT64_C(0x0101010101010101);

	if (end < p)
		end = UINTPTR_MAX; /* C11 lets n reach beyond the memory if c comes first */
	/* Aligned words never cross into a page that the memory up to c does not reach. */
	for (; p % 8 && p < end; p++)
		if (AT1(p, 0) == (unsigned char)c)
			return (void *)p;
	while (end - p >= 8 && !has_zero(AT8(p, 0) ^ pattern))
		p += 8;
	for (; p < end; p++)
		if (AT1(p, 0) == (unsigned char)c)
			return (void *)p;
	return NULL;
}

/* Find c or the terminator. Aligned words never cross into a page that the string does not reach. */
static inline uintptr_t find(uintptr_t p, unsigned char c)
{
	uint64_t pattern = c * UINT64_C(0x0101010101010101);

	for (; p % 8; p++)
		if (AT1(p, 0) == c || !AT1(p, 0))
			return p;
	while (!has_zero(AT8(p, 0)) && !has_zero(AT8(p, 0) ^ pattern))
		p += 8;
	while (AT1(p, 0) != c && AT1(p, 0))
		p++;
	return p;
}

size_t strlen(const char *s)
{
	uintptr_t p = (uintptr_t)s;

	for (; p % 8; p++)
		if (!AT1(p, 0))
			return p - (uintptr_t)s;
	while (!has_zero(AT8(p, 0)))
		p += 8;
	while (AT1(p, 0))
		p++;
	return p - (uintptr_t)s;
}

char *strchrnul(const char *s, int c)
{
	return (char *)find((uintptr_t)s, (unsigned char)c);
}
