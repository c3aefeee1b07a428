/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* One case for each way to fail, pass or be skipped. */
#include <uk/assert.h>
#include <uk/test.h>

UK_TEST(self_failing, check)
{
	UK_CHECK(1 == 2);
	UK_CHECK_EQ(3, 4);
	UK_CHECK_STR("left", "right");
	UK_CHECK_STR("left", NULL);
}

UK_TEST(self_failing, require)
{
	UK_REQUIRE(1 == 2);
	UK_CHECK(!"reached");
}

UK_TEST(self_failing, bug)
{
	UK_BUG("unexpected");
}

UK_TEST(self_failing, trap)
{
	volatile uintptr_t address = 8;

	*(volatile char *)address = 1;
}

UK_TEST_CRASH(self_failing, no_crash, "expected text")
{
}

UK_TEST_CRASH(self_failing, other_crash, "expected text")
{
	UK_BUG("other text");
}

static const int elements[] = {1, 2, 3};

UK_TEST_EACH(self_failing, second_element, int, elements)
{
	UK_CHECK(*it != 2);
}

UK_TEST(self_failing, check_then_skip)
{
	UK_CHECK(0);
	UK_SKIP("too late");
}

static int setup_fails(void)
{
	return -1;
}

static void teardown_unwanted(void)
{
	UK_CHECK(!"teardown ran");
}
UK_TEST_FIXTURE(self_setup, setup_fails, teardown_unwanted);

UK_TEST(self_setup, must_not_run)
{
	UK_CHECK(!"body ran");
}

static void teardown_fails(void)
{
	UK_CHECK(!"teardown was here");
}
UK_TEST_FIXTURE(self_teardown, NULL, teardown_fails);

UK_TEST(self_teardown, runs)
{
	UK_REQUIRE(1);
}

UK_TEST(self_passing, pass)
{
	UK_CHECK(1);
}

UK_TEST(self_passing, skip)
{
	UK_SKIP("for a reason");
}

UK_TEST_CRASH(self_passing, crash, "expected text")
{
	UK_BUG("an expected text, and more");
}

int main(void)
{
	return uk_test_run();
}
