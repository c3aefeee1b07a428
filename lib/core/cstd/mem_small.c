/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The shortest memcpy and its kin: what remains when CORE_CSTD_FAST is off and mem.c, which replaces all of these weak
 * functions, is not there. */
#include <string.h>

#include <uk/arch/block.h>

#define WEAK __attribute__((weak))

#ifndef __clang__ /* see mem.c */
#pragma GCC optimize("no-tree-loop-distribute-patterns")
#endif

WEAK void *memcpy(void *restrict dst, const void *restrict src, size_t n)
{
	uk_arch_copy_bytes(dst, src, n);
	return dst;
}

WEAK void *memmove(void *dst, const void *src, size_t n)
{
	unsigned char *d = dst;
	const unsigned char *s = src;

	if ((size_t)(d - s) >= n)
		return memcpy(dst, src, n);
	while (n--)
		d[n] = s[n];
	return dst;
}

WEAK void *memset(void *dst, int c, size_t n)
{
	uk_arch_fill_bytes(dst, (unsigned char)c, n);
	return dst;
}

WEAK int memcmp(const void *a, const void *b, size_t n)
{
	const unsigned char *x = a, *y = b;

	for (; n && *x == *y; n--) {
		x++;
		y++;
	}
	return n ? *x - *y : 0;
}

WEAK void *memchr(const void *s, int c, size_t n)
{
	const unsigned char *p = s;

	for (; n; n--, p++)
		if (*p == (unsigned char)c)
			return (void *)(size_t)p;
	return NULL;
}

WEAK size_t strlen(const char *s)
{
	return (size_t)(strchrnul(s, 0) - s);
}

WEAK char *strchrnul(const char *s, int c)
{
	while (*s && *s != (char)c)
		s++;
	return (char *)(size_t)s;
}
