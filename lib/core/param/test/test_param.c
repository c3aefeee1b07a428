/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include <uk/param.h>
#include <uk/test.h>

static bool a_bool;
static int an_int;
static unsigned a_uint;
static uint64_t a_u64;
static size_t a_size;
static const char *a_string;
static const char *seen;
UK_PARAM_BOOL("test.bool", a_bool, "of the tests of core/param");
UK_PARAM_INT("test.int", an_int, "of the tests of core/param");
UK_PARAM_UINT("test.uint", a_uint, "of the tests of core/param");
UK_PARAM_U64("test.u64", a_u64, "of the tests of core/param");
UK_PARAM_SIZE("test.size", a_size, "of the tests of core/param");
UK_PARAM_STRING("test.string", a_string, "of the tests of core/param");

static int set_func(const char *value)
{
	seen = value;
	return strcmp(value, "bad") ? 0 : uk_param_reject("a reason with %s", "words");
}
UK_PARAM_FUNC("test.func", set_func, "of the tests of core/param");

/* The arrays of the boot's own parse are static: the arguments of main() and the environment end with this suite, so
 * these tests give nothing else back. */
static int parse(const char *line, struct uk_param_args *args)
{
	return uk_param_parse(line, "program", args);
}

UK_TEST(param, all_types)
{
	struct uk_param_args args;

	UK_CHECK_EQ(parse("test.bool=on test.int=-5 test.uint=4294967295 test.u64=0xffffffffffffffff "
			  "test.size=64M test.string='a b' test.func=x",
			  &args),
		    0);
	UK_CHECK(a_bool);
	UK_CHECK_EQ(an_int, -5);
	UK_CHECK_EQ(a_uint, 4294967295);
	UK_CHECK_EQ(a_u64, UINT64_MAX);
	UK_CHECK_EQ(a_size, 64 << 20);
	UK_CHECK_STR(a_string, "a b");
	UK_CHECK_STR(seen, "x");
	UK_CHECK_EQ(args.argc, 1);
	UK_CHECK_STR(args.argv[0], "program");
	UK_CHECK_PTR(args.argv[1], NULL);
	UK_CHECK_PTR(args.envp[0], NULL);
}

UK_TEST(param, without_value_means_on)
{
	struct uk_param_args args;

	a_bool = false;
	UK_CHECK_EQ(parse("test.bool", &args), 0);
	UK_CHECK(a_bool);
}

UK_TEST(param, arguments_and_environment)
{
	struct uk_param_args args;

	UK_CHECK_EQ(parse("env.A=1  env.B='x y' test.int=1 -- one 'two three' env.C=4 --", &args), 0);
	UK_REQUIRE(args.argc == 5);
	UK_CHECK_STR(args.argv[1], "one");
	UK_CHECK_STR(args.argv[2], "two three");
	UK_CHECK_STR(args.argv[3], "env.C=4");
	UK_CHECK_STR(args.argv[4], "--");
	UK_CHECK_STR(args.envp[0], "A=1");
	UK_CHECK_STR(args.envp[1], "B=x y");
	UK_CHECK_PTR(args.envp[2], NULL);
}

struct word {
	const char *line, *word;
};

static const struct word words[] = {
    {"-- a\\ b", "a b"},
    {"-- 'a\\b'", "a\\b"},
    {"-- \"a\\\"b\"", "a\"b"},
    {"-- \"a\\b\"", "a\\b"},
    {"-- a'b c'd", "ab cd"},
    {"-- ''", ""},
    {"-- \"\"", ""},
    {"-- \"'\"", "'"},
    {"-- '\"'", "\""},
    {"-- \\'", "'"},
    {"-- \"\\$\\`\\\\\"", "$`\\"},
    {"\t--\n\ta\t", "a"},
    {"-- 'it'\\''s'", "it's"},
};

UK_TEST_EACH(param, quotes, struct word, words)
{
	struct uk_param_args args;

	UK_CHECK_EQ(parse(it->line, &args), 0);
	UK_REQUIRE(args.argc == 2);
	UK_CHECK_STR(args.argv[1], it->word);
}

static const char *const mistakes[] = {
    "test.bool=maybe",
    "test.int=99999999999",
    "test.uint=-1",
    "test.uint=4294967296",
    "test.size=1Q",
    "test.func=bad",
    "no.such.parameter=1",
    "word",
    "test.bool='on",
    "\"",
    "test.string=a\\",
    "env.=x",
    "env.A",
    "=",
    "test.int=",
    "test.u64=18446744073709551616",
};

UK_TEST_EACH(param, mistakes_are_refused, char *const, mistakes)
{
	struct uk_param_args args;

	uk_test_check(parse(*it, &args) == -EINVAL, "mistake", *it);
	UK_CHECK_PTR(args.argv[args.argc], NULL);
}

UK_TEST(param, too_long_and_too_many)
{
	static char line[CONFIG_CORE_PARAM_LINE + 64];
	struct uk_param_args args;

	memset(line, 'x', sizeof(line) - 1);
	memcpy(line, "-- ", 3);
	UK_CHECK_EQ(parse(line, &args), -EINVAL);
	for (size_t at = 3; at < sizeof(line) - 1; at += 2)
		line[at] = ' ';
	UK_CHECK_EQ(parse(line, &args), -EINVAL);
}

/* A word that fills what there is to the last byte leaves no room for another, not even for an empty one. */
UK_TEST(param, filled_to_the_last_byte)
{
	static char line[CONFIG_CORE_PARAM_LINE + 64];
	struct uk_param_args args;
	size_t end = 3 + CONFIG_CORE_PARAM_LINE - 1 - sizeof("--");

	memset(line, 'x', sizeof(line) - 1);
	memcpy(line, "-- ", 3);
	for (size_t more = 0; more < 4; more++) {
		line[end + more] = ' ';
		UK_CHECK_EQ(parse(line, &args), -EINVAL);
		line[end + more] = 'x';
	}
	line[end] = '\0';
	UK_CHECK_EQ(parse(line, &args), 0);
}

UK_TEST(param, help_lists)
{
	struct uk_param_args args;

	UK_CHECK_EQ(parse("help", &args), UK_ENABLED(CORE_PARAM_HELP) ? 1 : -EINVAL);
}

UK_TEST(param, early)
{
	char out[8];

	UK_CHECK_EQ(uk_param_early("a=1 mem=64M -- mem=2", "mem", out, sizeof(out)), 0);
	UK_CHECK_STR(out, "64M");
	UK_CHECK_EQ(uk_param_early("mem=1 mem='2 3'", "mem", out, sizeof(out)), 0);
	UK_CHECK_STR(out, "2 3");
	UK_CHECK_EQ(uk_param_early("amem=1 memo=2 mem", "mem", out, sizeof(out)), -ENOENT);
	UK_CHECK_EQ(uk_param_early("mem=12345678", "mem", out, sizeof(out)), -E2BIG);
	UK_CHECK_EQ(uk_param_early("mem=1234567", "mem", out, sizeof(out)), 0);
	UK_CHECK_EQ(uk_param_early("x='mem=1", "mem", out, sizeof(out)), -ENOENT);
	UK_CHECK_EQ(uk_param_early("", "mem", out, sizeof(out)), -ENOENT);
	UK_CHECK_EQ(uk_param_early("mem= x", "mem", out, sizeof(out)), 0);
	UK_CHECK_STR(out, "");
}
