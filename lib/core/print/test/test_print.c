/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>

#include <uk/print.h>
#include <uk/test.h>

/* Not declared as printf-like: the compiler would refuse what some cases try. */
static int format(char *buf, size_t size, const char *f, ...)
{
	int (*print)(char *buf, size_t size, const char *format, va_list ap) = uk_vsnprintf;
	va_list ap;
	int len;

	va_start(ap, f);
	len = print(buf, size, f, ap);
	va_end(ap);
	return len;
}

#define CHECK_FORMAT(want, ...)                                                                                        \
	do {                                                                                                           \
		char got[128];                                                                                         \
		UK_CHECK_EQ(format(got, sizeof(got), __VA_ARGS__), strlen(want));                                      \
		UK_CHECK_STR(got, want);                                                                               \
	} while (0)

UK_TEST(print, integers)
{
	CHECK_FORMAT("0 -1 42", "%d %i %u", 0, -1, 42);
	CHECK_FORMAT("-2147483648 4294967295", "%d %u", INT_MIN, UINT_MAX);
	CHECK_FORMAT("-9223372036854775808", "%lld", LLONG_MIN);
	CHECK_FORMAT("18446744073709551615", "%llu", ULLONG_MAX);
	CHECK_FORMAT("ff FF 377", "%x %X %o", 255, 255, 255);
	CHECK_FORMAT("0xff 0XFF 0377 0 0", "%#x %#X %#o %#x %#o", 255, 255, 255, 0, 0);
	CHECK_FORMAT("1777777777777777777777", "%lo", ULONG_MAX);
}

UK_TEST(print, lengths)
{
	CHECK_FORMAT("-1 255 -1 65535", "%hhd %hhu %hd %hu", 0xff, 0x1ff, 0xffff, 0x1ffff);
	CHECK_FORMAT("-1 -1 -1 -1", "%ld %jd %zd %td", -1L, (intmax_t)-1, (long)-1, (ptrdiff_t)-1);
	CHECK_FORMAT("5 6 7", "%lu %zu %ju", 5UL, (size_t)6, (uintmax_t)7);
}

UK_TEST(print, width_and_precision)
{
	CHECK_FORMAT("[   42][42   ][00042]", "[%5d][%-5d][%05d]", 42, 42, 42);
	CHECK_FORMAT("[  042][042  ][  042]", "[%5.3d][%-5.3d][%05.3d]", 42, 42, 42);
	CHECK_FORMAT("[-0042][+42][ 42]", "[%05d][%+d][% d]", -42, 42, 42);
	CHECK_FORMAT("[][     ][0]", "[%.0d][%5.0d][%.1d]", 0, 0, 0);
	CHECK_FORMAT("[0x0000ff][    0xff][0xff    ]", "[%#08x][%#8x][%-#8x]", 255, 255, 255);
	CHECK_FORMAT("[0][00]", "[%#.0o][%#.2o]", 0, 0);
	CHECK_FORMAT("[   42][42   ][042]", "[%*d][%*d][%.*d]", 5, 42, -5, 42, 3, 42);
	CHECK_FORMAT("[42]", "[%.*d]", -1, 42);
	CHECK_FORMAT("[                    1]", "[%21d]", 1);
}

UK_TEST(print, strings)
{
	CHECK_FORMAT("abc", "%s", "abc");
	CHECK_FORMAT("[  abc][abc  ][ab][   ab]", "[%5s][%-5s][%.2s][%5.2s]", "abc", "abc", "abc", "abc");
	CHECK_FORMAT("(null)", "%s", NULL);
	CHECK_FORMAT("x", "%c", 'x');
	CHECK_FORMAT("[  x][x  ]", "[%3c][%-3c]", 'x', 'x');
	CHECK_FORMAT("100%", "%d%%", 100);
}

UK_TEST(print, string_precision_reads_no_further)
{
	static const char unterminated[3] = {'a', 'b', 'c'};

	CHECK_FORMAT("abc", "%.3s", unterminated);
	CHECK_FORMAT("", "%.0s", (const char *)1);
}

UK_TEST(print, pointers)
{
	CHECK_FORMAT("0x0 0x1234", "%p %p", NULL, (void *)0x1234);
	CHECK_FORMAT("[    0x10]", "[%8p]", (void *)0x10);
}

UK_TEST(print, unknown_conversions_are_marked)
{
	CHECK_FORMAT("%!f7", "%f%d", 7);
	CHECK_FORMAT("%!q", "%q");
	CHECK_FORMAT("%!n", "%n");
	CHECK_FORMAT("a%!", "a%");
	CHECK_FORMAT("%!", "%-5");
}

UK_TEST(print, cut)
{
	char buf[8];

	memset(buf, 'z', sizeof(buf));
	UK_CHECK_EQ(uk_snprintf(buf, 4, "%s", "abcdef"), 6);
	UK_CHECK_STR(buf, "abc");
	UK_CHECK_EQ(buf[4], 'z');
	UK_CHECK_EQ(uk_snprintf(buf, 1, "%d", 12345), 5);
	UK_CHECK_STR(buf, "");
	UK_CHECK_EQ(uk_snprintf(NULL, 0, "%d", 12345), 5);
}

/* Counts what it is given. */
struct counter {
	struct uk_print_sink sink;
	size_t total;
};

static void count_put(struct uk_print_sink *sink, const char *data UK_UNUSED, size_t len)
{
	uk_container_of(sink, struct counter, sink)->total += len;
}

static int count(struct counter *c, const char *f, ...)
{
	va_list ap;
	int len;

	va_start(ap, f);
	len = uk_print_format(&c->sink, f, ap);
	va_end(ap);
	return len;
}

UK_TEST(print, sink)
{
	struct counter c = {{count_put}, 0};

	UK_CHECK_EQ(count(&c, "%5d%s", 1, "abc"), 8);
	UK_CHECK_EQ(c.total, 8);
}

UK_TEST(print, console_takes_long_text)
{
	UK_CHECK_EQ(uk_printf("# %300s\n", "right"), 303);
}
