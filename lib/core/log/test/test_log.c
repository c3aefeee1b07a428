/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <uk/log.h>
#include <uk/test.h>

UK_TEST(log, limit_is_returned)
{
	enum uk_log_level old = uk_log_limit(UK_LOG_ERR);

	uk_warn("must not be seen: %d", 1);
	UK_CHECK_EQ(uk_log_limit(UK_LOG_NONE), UK_LOG_ERR);
	uk_err("must not be seen: %d", 2);
	UK_CHECK_EQ(uk_log_limit(old), UK_LOG_NONE);
}

static unsigned evaluated(unsigned *calls)
{
	return ++*calls;
}

UK_TEST(log, arguments_above_the_built_in_level_are_not_evaluated)
{
	unsigned calls = 0;
	enum uk_log_level old = uk_log_limit(UK_LOG_NONE);

	uk_log(UK_LOG_DEBUG + 1, "%u", evaluated(&calls));
	uk_log_limit(old);
	UK_CHECK_EQ(calls, 0);
}

UK_TEST(log, long_message_stays_one_line)
{
	uk_log_write(uk_log_limit(UK_LOG_INFO) ? UK_LOG_ERR : UK_LOG_ERR, "test/log", "# a long message: %400s", "cut");
}
