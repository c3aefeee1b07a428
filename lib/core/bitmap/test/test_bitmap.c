/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <uk/base.h>
#include <uk/bitmap.h>
#include <uk/test.h>

#define BITS 200

static UK_BITMAP(map, BITS);

static int setup(void)
{
	for (size_t i = 0; i < UK_BITMAP_WORDS(BITS); i++)
		map[i] = 0;
	return 0;
}
UK_TEST_FIXTURE(bitmap, setup, NULL);

UK_TEST(bitmap, single_bits)
{
	static const size_t at[] = {0, 63, 64, 127, 199};

	for (size_t i = 0; i < UK_ARRAY_SIZE(at); i++) {
		UK_CHECK(!uk_bitmap_test(map, at[i]));
		uk_bitmap_set(map, at[i]);
		UK_CHECK(uk_bitmap_test(map, at[i]));
		UK_CHECK_EQ(uk_bitmap_count(map, BITS), i + 1);
	}
	uk_bitmap_clear(map, 64);
	UK_CHECK(!uk_bitmap_test(map, 64));
}

/* Every range of a few words against one bit at a time. */
UK_TEST(bitmap, ranges)
{
	for (size_t first = 0; first < 130; first += 3)
		for (size_t n = 0; first + n <= BITS; n += 7) {
			uk_bitmap_set_range(map, first, n);
			UK_REQUIRE(uk_bitmap_count(map, BITS) == n);
			UK_REQUIRE(uk_bitmap_next(map, BITS, 0) == (n ? first : BITS));
			UK_REQUIRE(uk_bitmap_next_clear(map, BITS, first) == first + n);
			uk_bitmap_clear_range(map, first, n);
			UK_REQUIRE(uk_bitmap_next(map, BITS, 0) == BITS);
		}
}

UK_TEST(bitmap, bits_beyond_the_end_do_not_count)
{
	map[BITS / 64] = UINT64_MAX << BITS % 64;
	UK_CHECK_EQ(uk_bitmap_next(map, BITS, 0), BITS);
	UK_CHECK_EQ(uk_bitmap_count(map, BITS), 0);
	UK_CHECK_EQ(uk_bitmap_next(map, BITS, BITS), BITS);
}

UK_TEST(bitmap, find_clear)
{
	uk_bitmap_set_range(map, 0, 10);
	uk_bitmap_set_range(map, 20, 50);
	UK_CHECK_EQ(uk_bitmap_find_clear(map, BITS, 0, 10, 1), 10);
	UK_CHECK_EQ(uk_bitmap_find_clear(map, BITS, 0, 11, 1), 70);
	UK_CHECK_EQ(uk_bitmap_find_clear(map, BITS, 0, 4, 8), 16);
	UK_CHECK_EQ(uk_bitmap_find_clear(map, BITS, 0, 5, 8), 72);
	UK_CHECK_EQ(uk_bitmap_find_clear(map, BITS, 100, 100, 1), 100);
	UK_CHECK_EQ(uk_bitmap_find_clear(map, BITS, 100, 101, 1), BITS);
	UK_CHECK_EQ(uk_bitmap_find_clear(map, BITS, 0, 130, 1), 70);
	UK_CHECK_EQ(uk_bitmap_find_clear(map, BITS, 0, 131, 1), BITS);
}
