/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <sys/types.h>

#include <uk/test.h>

#define AREA 1200

static unsigned char area[AREA], expected[AREA];

static void fill_areas(unsigned seed)
{
	for (size_t i = 0; i < AREA; i++)
		area[i] = expected[i] = (unsigned char)(i * 7 + seed);
}

static bool same(void)
{
	for (size_t i = 0; i < AREA; i++)
		if (area[i] != expected[i])
			return false;
	return true;
}

/* The model: one byte after the other, through a copy. The barrier keeps the compiler from calling memmove. */
static void model_move(size_t to, size_t from, size_t n)
{
	static unsigned char copy[AREA];

	for (size_t i = 0; i < n; i++) {
		copy[i] = expected[from + i];
		__asm__ volatile("" ::: "memory");
	}
	for (size_t i = 0; i < n; i++) {
		expected[to + i] = copy[i];
		__asm__ volatile("" ::: "memory");
	}
}

static const size_t sizes[] = {0,  1,  2,  3,  4,  5,  7,  8,  9,  15,  16,  17,  23,  24,  25,  31,  32, 33,
			       40, 47, 48, 49, 63, 64, 65, 80, 96, 127, 128, 129, 255, 256, 257, 400, 511};

UK_TEST_EACH(cstd, memmove_at_all_distances, size_t, sizes)
{
	size_t base = 512;

	for (size_t from = base; from < base + 9; from++)
		for (int distance = -70; distance <= 70; distance++) {
			size_t to = (size_t)((int)from + distance);

			fill_areas((unsigned)to);
			model_move(to, from, *it);
			UK_CHECK_PTR(memmove(area + to, area + from, *it), area + to);
			UK_REQUIRE(same());
		}
}

UK_TEST_EACH(cstd, memcpy_at_all_alignments, size_t, sizes)
{
	for (size_t from = 0; from < 17; from++)
		for (size_t to = 600; to < 617; to++) {
			fill_areas(3);
			model_move(to, from, *it);
			memcpy(area + to, area + from, *it);
			UK_REQUIRE(same());
		}
}

UK_TEST_EACH(cstd, memset_at_all_alignments, size_t, sizes)
{
	for (size_t to = 16; to < 33; to++) {
		fill_areas(5);
		for (size_t i = 0; i < *it; i++) {
			expected[to + i] = 0xa5;
			__asm__ volatile("" ::: "memory");
		}
		memset(area + to, 0x1a5, *it);
		UK_REQUIRE(same());
	}
}

static int sign(int x)
{
	return (x > 0) - (x < 0);
}

UK_TEST(cstd, memcmp)
{
	for (size_t at = 0; at < 40; at++) {
		fill_areas(0);
		expected[at] = area[at] ^ 0x80;
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
