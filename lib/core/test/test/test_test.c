/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <uk/assert.h>
#include <uk/test.h>

/* What can be said about the framework from within: its failing paths are tried by tests/framework.sh. */
static int depth, setups, teardowns;

static int setup(void)
{
	setups++;
	return depth++;
}

static void teardown(void)
{
	teardowns++;
	depth--;
}
UK_TEST_FIXTURE(test, setup, teardown);

UK_TEST(test, setup_ran)
{
	UK_CHECK_EQ(depth, 1);
	UK_CHECK_EQ(setups, teardowns + 1);
}

UK_TEST(test, skip_runs_the_teardown)
{
	UK_SKIP("skips are tried");
}

UK_TEST_CRASH(test, crash_runs_the_teardown, "deliberate")
{
	UK_BUG("deliberate");
}

static const int odd[] = {1, 3, 5};

UK_TEST_EACH(test, each_gets_its_element, int, odd)
{
	UK_CHECK_EQ(depth, 1);
	UK_CHECK_EQ(*it % 2, 1);
}

UK_TEST(test, strings)
{
	UK_CHECK_STR("abc", "abc");
	UK_CHECK_STR(NULL, NULL);
	UK_CHECK_PTR(odd, &odd[0]);
}

static void leaves(void *arg)
{
	++*(int *)arg;
	uk_test_leave();
}

static void nests(void *arg)
{
	UK_CHECK(!uk_test_guard(leaves, arg));
	++*(int *)arg;
}

UK_TEST(test, guard_is_left_early)
{
	int calls = 0;

	UK_CHECK(!uk_test_guard(leaves, &calls));
	UK_CHECK_EQ(calls, 1);
}

UK_TEST(test, guards_nest)
{
	int calls = 0;

	UK_CHECK(uk_test_guard(nests, &calls));
	UK_CHECK_EQ(calls, 2);
}

static void crashes(void *arg)
{
	++*(int *)arg;
	UK_BUG("within a guard");
}

/* The expected panic leaves the guard only. */
static int crash_calls;

UK_TEST_CRASH(test, guard_takes_the_panic, "within a guard")
{
	crash_calls = 0;
	UK_CHECK(!uk_test_guard(crashes, &crash_calls));
	UK_CHECK_EQ(crash_calls, 1);
}
