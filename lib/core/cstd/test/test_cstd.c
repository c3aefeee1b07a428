/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <sys/types.h>

#include <uk/test.h>

#define AREA 1200
#define MARGIN 96 /* what is looked at on both sides of what was written */

static unsigned char area[AREA];

/* What byte i holds at first: no two within 256 bytes are equal. */
static unsigned char pattern(size_t i)
{
	return (unsigned char)(i * 7 + 1);
}

static void fill_area(size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		area[i] = pattern(i);
		__asm__ volatile("" ::: "memory"); /* no call of what is tested here */
	}
}

/* Whether [to, to + n) holds what was at `from`, or value if that is not -1, and the margins what they held. */
static bool is_moved(size_t to, size_t from, size_t n, int value)
{
	for (size_t i = to - 16; i < to + n + 16; i++) {
		bool inside = i >= to && i < to + n;
		int want = !inside ? pattern(i) : value >= 0 ? value : pattern(i - to + from);

		if (area[i] != want)
			return false;
	}
	return true;
}

static const size_t sizes[] = {0,  1,  2,  3,  4,  5,  7,  8,  9,   15,  16,  17,  23,  24,  25,  31,
			       32, 33, 47, 48, 49, 63, 64, 65, 100, 127, 128, 129, 255, 256, 511, 513};
static const int distances[] = {-70, -33, -32, -17, -16, -9, -8, -7, -1, 0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 33, 70};

UK_TEST_EACH(cstd, memmove_at_many_distances, size_t, sizes)
{
	for (size_t from = 200; from < 209; from += 4)
		for (size_t d = 0; d < UK_ARRAY_SIZE(distances); d++) {
			size_t to = (size_t)((int)from + distances[d]);

			fill_area(200 - MARGIN, 209 + *it + MARGIN);
			UK_CHECK_PTR(memmove(area + to, area + from, *it), area + to);
			UK_REQUIRE(is_moved(to, from, *it, -1));
		}
}

UK_TEST_EACH(cstd, memcpy_at_all_alignments, size_t, sizes)
{
	for (size_t from = 0; from < 8; from += 7)
		for (size_t to = 608; to < 624; to++) {
			fill_area(from, from + *it);
			fill_area(608 - MARGIN, 624 + *it + MARGIN > AREA ? AREA : 624 + *it + MARGIN);
			UK_CHECK_PTR(memcpy(area + to, area + from, *it), area + to);
			UK_REQUIRE(is_moved(to, from, *it, -1));
		}
}

UK_TEST_EACH(cstd, memset_at_all_alignments, size_t, sizes)
{
	for (size_t to = 100; to < 116; to++) {
		fill_area(100 - MARGIN, 116 + *it + MARGIN);
		UK_CHECK_PTR(memset(area + to, 0x1a5, *it), area + to);
		UK_REQUIRE(is_moved(to, 0, *it, 0xa5));
	}
}

static unsigned char expected[48];

static int sign(int x)
{
	return (x > 0) - (x < 0);
}

UK_TEST(cstd, memcmp)
{
	for (size_t at = 0; at < 40; at++) {
		fill_area(0, 48);
		memcpy(expected, area, 48);
		expected[at] ^= 0x80;
		UK_CHECK_EQ(memcmp(area, expected, at), 0);
		UK_CHECK_EQ(sign(memcmp(area, expected, 48)), area[at] & 0x80 ? 1 : -1);
		UK_CHECK_EQ(sign(memcmp(expected, area, 48)), area[at] & 0x80 ? -1 : 1);
	}
}

UK_TEST(cstd, memchr)
{
	memset(area, 1, AREA);
	for (size_t at = 3; at < 40; at++) {
		area[at] = 0x80;
		UK_CHECK_PTR(memchr(area + 3, 0x180, AREA - 3), area + at);
		UK_CHECK_PTR(memchr(area + 3, 0x80, at - 3), NULL);
		UK_CHECK_PTR(memchr(area + 3, 0x80, SIZE_MAX), area + at);
		UK_CHECK_PTR(memrchr(area, 0x80, AREA), area + at);
		area[at] = 1;
	}
	UK_CHECK_PTR(memrchr(area, 0x80, AREA), NULL);
}

UK_TEST(cstd, strlen_at_all_alignments)
{
	char *s = (char *)area;

	for (size_t at = 0; at < 9; at++)
		for (size_t len = 0; len < 40; len++) {
			memset(s, 0x81, AREA);
			s[at + len] = 0;
			UK_REQUIRE(strlen(s + at) == len);
			UK_REQUIRE(strnlen(s + at, 20) == (len < 20 ? len : 20));
			UK_REQUIRE(strchrnul(s + at, 'x') == s + at + len);
			UK_REQUIRE(strchr(s + at, 0) == s + at + len);
		}
}

UK_TEST(cstd, strcmp)
{
	UK_CHECK_EQ(strcmp("", ""), 0);
	UK_CHECK(strcmp("a", "b") < 0);
	UK_CHECK(strcmp("ab", "a") > 0);
	UK_CHECK(strcmp("\x80", "a") > 0);
	UK_CHECK_EQ(strncmp("abc", "abd", 2), 0);
	UK_CHECK(strncmp("abc", "abd", 3) < 0);
	UK_CHECK_EQ(strncmp("abc", "abc", 9), 0);
	UK_CHECK_EQ(strcasecmp("ABc", "aBC"), 0);
	UK_CHECK(strcasecmp("[", "a") < 0);
	UK_CHECK_EQ(strncasecmp("ABx", "aby", 2), 0);
}

UK_TEST(cstd, search)
{
	const char *s = "hello, hello!";

	UK_CHECK_PTR(strchr(s, 'l'), s + 2);
	UK_CHECK_PTR(strrchr(s, 'l'), s + 10);
	UK_CHECK_PTR(strrchr(s, 0), s + 13);
	UK_CHECK_PTR(strchr(s, 'z'), NULL);
	UK_CHECK_PTR(strstr(s, "lo!"), s + 10);
	UK_CHECK_PTR(strstr(s, ""), s);
	UK_CHECK_PTR(strstr(s, "hello!!"), NULL);
	UK_CHECK_PTR(strpbrk(s, "!,"), s + 5);
	UK_CHECK_PTR(strpbrk(s, "xyz"), NULL);
	UK_CHECK_EQ(strspn(s, "hel"), 4);
	UK_CHECK_EQ(strcspn(s, " "), 6);
	UK_CHECK_EQ(strcspn(s, "z"), 13);
}

UK_TEST(cstd, copy_and_append)
{
	char buf[16];

	UK_CHECK_PTR(strcpy(buf, "abc"), buf);
	UK_CHECK_PTR(stpcpy(buf + 3, "def"), buf + 6);
	UK_CHECK_STR(buf, "abcdef");
	UK_CHECK_STR(strcat(buf, "gh"), "abcdefgh");
	UK_CHECK_STR(strncat(buf, "xyz", 1), "abcdefghx");
	memset(buf, 'z', sizeof(buf));
	strncpy(buf, "ab", 4);
	UK_CHECK_EQ(memcmp(buf, "ab\0\0z", 5), 0);
	strncpy(buf, "abcdef", 3);
	UK_CHECK_EQ(memcmp(buf, "abc\0z", 5), 0);
}

UK_TEST(cstd, strtok_r)
{
	char text[] = ",,a,bc,,d", *save;

	UK_CHECK_STR(strtok_r(text, ",", &save), "a");
	UK_CHECK_STR(strtok_r(NULL, ",", &save), "bc");
	UK_CHECK_STR(strtok_r(NULL, ",", &save), "d");
	UK_CHECK_PTR(strtok_r(NULL, ",", &save), NULL);
	UK_CHECK_PTR(strtok_r(NULL, ",", &save), NULL);
}

UK_TEST(cstd, linux_numbers)
{
	UK_CHECK_EQ(ENOSYS, 38);
	UK_CHECK_EQ(ETIMEDOUT, 110);
	UK_CHECK_EQ(EAGAIN, EWOULDBLOCK);
	UK_CHECK_EQ(sizeof(off_t), 8);
	UK_CHECK_EQ(sizeof(ssize_t), sizeof(size_t));
}
