/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <uk/base.h>
#include <uk/test.h>

struct number {
	const char *text;
	int base;
	long long value;
	int length, error;
};

static const struct number numbers[] = {
    {"42", 10, 42, 2, 0},
    {"  -42x", 10, -42, 5, 0},
    {"+7", 0, 7, 2, 0},
    {"0x1f", 0, 31, 4, 0},
    {"0x1f", 16, 31, 4, 0},
    {"0xg", 0, 0, 1, 0},
    {"017", 0, 15, 3, 0},
    {"z", 36, 35, 1, 0},
    {"9", 8, 0, 0, 0},
    {"", 10, 0, 0, 0},
    {"-", 10, 0, 0, 0},
    {"9223372036854775807", 10, LLONG_MAX, 19, 0},
    {"9223372036854775808", 10, LLONG_MAX, 19, ERANGE},
    {"-9223372036854775808", 10, LLONG_MIN, 20, 0},
    {"-9223372036854775809", 10, LLONG_MIN, 20, ERANGE},
    {"99999999999999999999999", 10, LLONG_MAX, 23, ERANGE},
};

UK_TEST_EACH(nolibc, strtoll, struct number, numbers)
{
	char *end;

	errno = 0;
	UK_CHECK_EQ(strtoll(it->text, &end, it->base), it->value);
	UK_CHECK_EQ(end - it->text, it->length);
	UK_CHECK_EQ(errno, it->error);
}

UK_TEST(nolibc, strtoull)
{
	errno = 0;
	UK_CHECK_EQ(strtoull("18446744073709551615", NULL, 10), ULLONG_MAX);
	UK_CHECK_EQ(strtoul("-1", NULL, 10), ULONG_MAX);
	UK_CHECK_EQ(errno, 0);
	UK_CHECK_EQ(strtoull("18446744073709551616", NULL, 10), ULLONG_MAX);
	UK_CHECK_EQ(errno, ERANGE);
	UK_CHECK_EQ(atoi("12x"), 12);
	UK_CHECK_EQ(atol("-3"), -3);
	UK_CHECK_EQ(atoll("5"), 5);
	UK_CHECK_EQ(abs(-3) + labs(-4) + llabs(5), 12);
}

static int compare_ints(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	return (x > y) - (x < y);
}

UK_TEST(nolibc, sort_and_search)
{
	int values[100], key;

	for (int n = 0; n <= 100; n += 9) {
		for (int i = 0; i < n; i++)
			values[i] = i * 37 % 101;
		qsort(values, (size_t)n, sizeof(int), compare_ints);
		for (int i = 1; i < n; i++)
			UK_REQUIRE(values[i - 1] <= values[i]);
		for (int i = 0; i < n; i++)
			UK_REQUIRE(bsearch(&values[i], values, (size_t)n, sizeof(int), compare_ints) == &values[i]);
		key = 1000;
		UK_CHECK_PTR(bsearch(&key, values, (size_t)n, sizeof(int), compare_ints), NULL);
	}
}

UK_TEST(nolibc, ctype)
{
	int upper = 0, alnum = 0, punct = 0, space = 0, print = 0, xdigit = 0, cntrl = 0;

	for (int c = EOF; c < 256; c++) {
		upper += !!isupper(c);
		alnum += !!isalnum(c);
		punct += !!ispunct(c);
		space += !!isspace(c);
		print += !!isprint(c);
		xdigit += !!isxdigit(c);
		cntrl += !!iscntrl(c);
	}
	UK_CHECK_EQ(upper, 26);
	UK_CHECK_EQ(alnum, 62);
	UK_CHECK_EQ(punct, 32);
	UK_CHECK_EQ(space, 6);
	UK_CHECK_EQ(print, 95);
	UK_CHECK_EQ(xdigit, 22);
	UK_CHECK_EQ(cntrl, 33);
	UK_CHECK_EQ(toupper('a') + tolower('A'), 'A' + 'a');
	UK_CHECK_EQ(toupper('['), '[');
}

UK_TEST(nolibc, output)
{
	UK_CHECK_EQ(printf("# %s %d\n", "printf", 1), 11);
	UK_CHECK(puts("# puts") >= 0);
	UK_CHECK(fputs("# fputs\n", stderr) >= 0);
	UK_CHECK_EQ(fprintf(stderr, "# %d\n", 3), 4);
	UK_CHECK_EQ(fwrite("# a\n", 2, 2, stdout), 2);
	UK_CHECK_EQ(fwrite("", SIZE_MAX, 2, stdout), 0);
	UK_CHECK_EQ(fwrite("", 0, 2, stdout), 0);
	UK_CHECK_EQ(printf("# %300s\n", "long"), 303);
	UK_CHECK_EQ(putchar('#'), '#');
	UK_CHECK_EQ(putchar('\n'), '\n');
	UK_CHECK_EQ(fflush(NULL), 0);
	UK_CHECK(!ferror(stdout));
}

UK_TEST(nolibc, snprintf)
{
	char buf[4];

	UK_CHECK_EQ(snprintf(buf, sizeof(buf), "%d", 12345), 5);
	UK_CHECK_STR(buf, "123");
}

UK_TEST(nolibc, descriptors)
{
	errno = 0;
	UK_CHECK_EQ(write(7, "x", 1), -1);
	UK_CHECK_EQ(errno, EBADF);
	UK_CHECK_EQ(read(1, NULL, 0), -1);
	UK_CHECK_EQ(write(1, "", 0), 0);
}

UK_TEST(nolibc, time)
{
	struct timespec a, b, bad = {0, 1000000000}, wanted = {0, 1000000};

	UK_CHECK_EQ(clock_gettime(CLOCK_MONOTONIC, &a), 0);
	UK_CHECK_EQ(nanosleep(&wanted, NULL), 0);
	UK_CHECK_EQ(usleep(100), 0);
	UK_CHECK_EQ(clock_gettime(CLOCK_MONOTONIC, &b), 0);
	UK_CHECK((b.tv_sec - a.tv_sec) * 1000000000 + b.tv_nsec - a.tv_nsec >= 1100000);
	UK_CHECK_EQ(nanosleep(&bad, NULL), -1);
	UK_CHECK_EQ(errno, EINVAL);
	UK_CHECK_EQ(clock_gettime(99, &a), -1);
}

UK_TEST(nolibc, environment)
{
	static char a[] = "A=1", ab[] = "AB=2";
	char *mine[] = {ab, a, NULL}, **saved = environ;

	environ = mine;
	UK_CHECK_STR(getenv("A"), "1");
	UK_CHECK_STR(getenv("AB"), "2");
	UK_CHECK_PTR(getenv("ABC"), NULL);
	environ = saved;
}

UK_TEST_CRASH(nolibc, abort, "abort() was called")
{
	abort();
}
