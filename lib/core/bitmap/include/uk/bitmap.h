/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Bitmaps over arrays of 64-bit words that the caller gives. No function allocates or locks; all may be called
 * in any context. Bit i is bit i % 64 of word i / 64. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UK_BITMAP_WORDS(bits) (((size_t)(bits) + 63) / 64)

/* Declare a bitmap of that many bits, a constant. */
#define UK_BITMAP(name, bits) uint64_t name[UK_BITMAP_WORDS(bits)]

/* Set, clear or test one bit. Context: any. */
static inline void uk_bitmap_set(uint64_t *map, size_t i)
{
	map[i / 64] |= UINT64_C(1) << i % 64;
}

/* See uk_bitmap_set(). Context: any. */
static inline void uk_bitmap_clear(uint64_t *map, size_t i)
{
	map[i / 64] &= ~(UINT64_C(1) << i % 64);
}

/* See uk_bitmap_set(). Context: any. */
static inline bool uk_bitmap_test(const uint64_t *map, size_t i)
{
	return map[i / 64] >> i % 64 & 1;
}

/* Set (clear) bits [first, first + n). Context: any. */
void uk_bitmap_set_range(uint64_t *map, size_t first, size_t n);
void uk_bitmap_clear_range(uint64_t *map, size_t first, size_t n);

/* The first set (clear) bit in [from, bits), or bits if there is none. Context: any. */
size_t uk_bitmap_next(const uint64_t *map, size_t bits, size_t from);
size_t uk_bitmap_next_clear(const uint64_t *map, size_t bits, size_t from);

/* The first of n clear bits in a row in [from, bits), the first at a multiple of align (a power of two); bits
 * if there is no such run. n > 0. Context: any. */
size_t uk_bitmap_find_clear(const uint64_t *map, size_t bits, size_t from, size_t n, size_t align);

/* How many of the first `bits` bits are set. Context: any. */
size_t uk_bitmap_count(const uint64_t *map, size_t bits);
