/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <uk/assert.h>
#include <uk/test.h>

#if CONFIG_CORE_ASSERT_REPORT /* otherwise the message is the format alone */
UK_TEST_CRASH(assert, bug_says_where_and_what, "core/assert/test_assert.c:")
{
	UK_BUG("the number is %d", 42);
}

UK_TEST_CRASH(assert, bug_formats, "the number is 42")
{
	UK_BUG("the number is %d", 42);
}

/* A message longer than the buffer is cut. */
UK_TEST_CRASH(assert, long_message, "test_assert.c")
{
	UK_BUG("%1000s", "far away");
}
#endif

UK_TEST(assert, true_condition)
{
	int evaluated = 0;

	UK_ASSERT(++evaluated == 1);
	UK_CHECK_EQ(evaluated, UK_ENABLED(CORE_ASSERT_CHECKS));
}

#if CONFIG_CORE_ASSERT_CHECKS
UK_TEST_CRASH(assert, false_condition, "assertion failed: ")
{
	UK_ASSERT(1 + 1 == 3);
}
#endif

/* The panic path still works after panics that were survived. */
UK_TEST_CRASH(assert, again, "again")
{
	UK_BUG("again");
}

_Noreturn void __stack_chk_fail(void);

UK_TEST_CRASH(assert, stack_protector, "a local array was written beyond its end")
{
	__stack_chk_fail();
}
