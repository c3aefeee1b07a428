/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <errno.h>

#include <uk/test.h>
#include <uk/text.h>

struct number {
	const char *text;
	int error;
	uint64_t value;
};

static const struct number numbers[] = {
    {"0", 0, 0},
    {"010", 0, 10},
    {"0x1F", 0, 31},
    {"0Xff", 0, 255},
    {"18446744073709551615", 0, UINT64_MAX},
    {"0xffffffffffffffff", 0, UINT64_MAX},
    {"18446744073709551616", -ERANGE, 0},
    {"99999999999999999999999999", -ERANGE, 0},
    {"", -EINVAL, 0},
    {"-1", -EINVAL, 0},
    {"+1", -EINVAL, 0},
    {" 1", -EINVAL, 0},
    {"1 ", -EINVAL, 0},
    {"12a", -EINVAL, 0},
    {"0x", -EINVAL, 0},
    {"0xg", -EINVAL, 0},
    {"18446744073709551616x", -EINVAL, 0},
};

UK_TEST_EACH(text, u64, struct number, numbers)
{
	uint64_t value = 0;

	UK_CHECK_EQ(uk_text_u64(it->text, &value), it->error);
	UK_CHECK_EQ(value, it->value);
}

UK_TEST(text, i64)
{
	int64_t value = 7;

	UK_CHECK_EQ(uk_text_i64("-9223372036854775808", &value), 0);
	UK_CHECK_EQ(value, INT64_MIN);
	UK_CHECK_EQ(uk_text_i64("-9223372036854775809", &value), -ERANGE);
	UK_CHECK_EQ(uk_text_i64("9223372036854775807", &value), 0);
	UK_CHECK_EQ(value, INT64_MAX);
	UK_CHECK_EQ(uk_text_i64("9223372036854775808", &value), -ERANGE);
	UK_CHECK_EQ(uk_text_i64("--1", &value), -EINVAL);
	UK_CHECK_EQ(uk_text_i64("-", &value), -EINVAL);
	UK_CHECK_EQ(value, INT64_MAX);
}

static const struct number amounts[] = {
    {"0", 0, 0},
    {"512", 0, 512},
    {"4k", 0, 4096},
    {"64M", 0, 64 << 20},
    {"0x10K", 0, 16384},
    {"1G", 0, 1 << 30},
    {"2T", 0, UINT64_C(2) << 40},
    {"16777215T", 0, UINT64_C(16777215) << 40},
    {"16777216T", -ERANGE, 0},
    {"M", -EINVAL, 0},
    {"1KB", -EINVAL, 0},
    {"1 M", -EINVAL, 0},
    {"1Q", -EINVAL, 0},
};

UK_TEST_EACH(text, size, struct number, amounts)
{
	size_t value = 0;

	UK_CHECK_EQ(uk_text_size(it->text, &value), it->error);
	UK_CHECK_EQ(value, it->value);
}

UK_TEST(text, switches)
{
	static const char *const words[] = {"on", "yes", "true", "1", "off", "no", "false", "0"};
	bool value;

	for (size_t i = 0; i < UK_ARRAY_SIZE(words); i++) {
		value = i >= 4;
		UK_CHECK_EQ(uk_text_bool(words[i], &value), 0);
		UK_CHECK_EQ(value, i < 4);
	}
	UK_CHECK_EQ(uk_text_bool("", &value), -EINVAL);
	UK_CHECK_EQ(uk_text_bool("o", &value), -EINVAL);
	UK_CHECK_EQ(uk_text_bool("onn", &value), -EINVAL);
}

struct pattern {
	const char *pattern, *text;
	bool matches;
};

static const struct pattern patterns[] = {
    {"", "", true},
    {"", "a", false},
    {"*", "", true},
    {"*", "abc", true},
    {"a*c", "abbc", true},
    {"a*c", "abcd", false},
    {"?", "", false},
    {"?b?", "abc", true},
    {"*.*", "list.splice", true},
    {"list.*", "list", false},
    {"*a*b*c", "xxaxxbxxbc", true},
    {"*a*b*c", "xxaxxcxxb", false},
    {"a**b", "ab", true},
    {"abc", "ab", false},
    {"*abc", "ababc", true},
    {"a*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false},
};

UK_TEST_EACH(text, match, struct pattern, patterns)
{
	UK_CHECK_EQ(uk_text_match(it->pattern, it->text), it->matches);
}
