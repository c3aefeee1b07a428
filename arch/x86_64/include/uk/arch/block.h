/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Block moves: long copies and fills by the string instructions, which need no vector registers and have a fast
 * microcoded path for ascending words on every x86_64 of the last fifteen years (Intel optimisation manual, 3.7.6). */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Copy n 64-bit words upwards, one after the other: correct for overlapping areas if dst is below src.
 * Context: any. */
static inline void uk_arch_copy_words(void *dst, const void *src, size_t n)
{
	__asm__ volatile("rep movsq" : "+D"(dst), "+S"(src), "+c"(n) : : "memory");
}

/* Store value in n 64-bit words. Context: any. */
static inline void uk_arch_fill_words(void *dst, uint64_t value, size_t n)
{
	__asm__ volatile("rep stosq" : "+D"(dst), "+c"(n) : "a"(value) : "memory");
}

/* Copy n bytes upwards: the shortest code there is. Context: any. */
static inline void uk_arch_copy_bytes(void *dst, const void *src, size_t n)
{
	__asm__ volatile("rep movsb" : "+D"(dst), "+S"(src), "+c"(n) : : "memory");
}

/* Store value in n bytes. Context: any. */
static inline void uk_arch_fill_bytes(void *dst, unsigned char value, size_t n)
{
	__asm__ volatile("rep stosb" : "+D"(dst), "+c"(n) : "a"(value) : "memory");
}
