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
