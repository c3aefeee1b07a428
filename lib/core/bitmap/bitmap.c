/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <uk/base.h>
#include <uk/bitmap.h>

/* The bits of word w that lie in [first, end). */
static uint64_t word_mask(size_t w, size_t first, size_t end)
{
	uint64_t mask = UINT64_MAX;

	if (first > w * 64)
		mask &= UINT64_MAX << (first - w * 64);
	if (end < w * 64 + 64)
		mask &= ~(UINT64_MAX << (end - w * 64));
	return mask;
}

void uk_bitmap_set_range(uint64_t *map, size_t first, size_t n)
{
	for (size_t w = first / 64; n && w <= (first + n - 1) / 64; w++)
		map[w] |= word_mask(w, first, first + n);
}

void uk_bitmap_clear_range(uint64_t *map, size_t first, size_t n)
{
	for (size_t w = first / 64; n && w <= (first + n - 1) / 64; w++)
		map[w] &= ~word_mask(w, first, first + n);
}

/* The first bit in [from, bits) that is 1 after exclusive-or with flip. */
static size_t next(const uint64_t *map, size_t bits, size_t from, uint64_t flip)
{
	for (size_t w = from / 64; from < bits && w < UK_BITMAP_WORDS(bits); w++) {
		uint64_t v = (map[w] ^ flip) & word_mask(w, from, bits);

		if (v)
			return w * 64 + (size_t)__builtin_ctzll(v);
	}
	return bits;
}

size_t uk_bitmap_next(const uint64_t *map, size_t bits, size_t from)
{
	return next(map, bits, from, 0);
}

size_t uk_bitmap_next_clear(const uint64_t *map, size_t bits, size_t from)
{
	return next(map, bits, from, UINT64_MAX);
}

size_t uk_bitmap_find_clear(const uint64_t *map, size_t bits, size_t from, size_t n, size_t align)
{
	for (;;) {
		size_t end;

		from = UK_ALIGN_UP(uk_bitmap_next_clear(map, bits, from), align);
		if (from >= bits || n > bits - from)
			return bits;
		end = uk_bitmap_next(map, bits, from);
		if (end - from >= n)
			return from;
		from = end;
	}
}

size_t uk_bitmap_count(const uint64_t *map, size_t bits)
{
	size_t n = 0;

	for (size_t i = uk_bitmap_next(map, bits, 0); i < bits; i = uk_bitmap_next(map, bits, i + 1))
		n++;
	return n;
}
