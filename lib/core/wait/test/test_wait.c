/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <stdbool.h>

#include <uk/test.h>
#include <uk/wait.h>

static struct uk_wait_queue queue = UK_WAIT_QUEUE_INIT(queue);

UK_TEST(wait, true_condition_returns_at_once)
{
	UK_CHECK_EQ(uk_wait(&queue, true, UK_WAIT_FOREVER), 0);
	UK_CHECK_EQ(uk_wait(&queue, true, 0), 0);
}

UK_TEST(wait, deadline)
{
	uint64_t deadline = uk_plat_time_ns() + 1000000;

	UK_CHECK_EQ(uk_wait(&queue, false, 0), -ETIMEDOUT);
	UK_CHECK_EQ(uk_wait(&queue, false, deadline), -ETIMEDOUT);
	UK_CHECK(uk_plat_time_ns() >= deadline);
}

UK_TEST(wait, condition_is_looked_at_again)
{
	uint64_t soon = uk_plat_time_ns() + 1000000;

	UK_CHECK_EQ(uk_wait(&queue, uk_plat_time_ns() >= soon, soon + 1000), 0);
}

UK_TEST(wait, wake_without_waiters)
{
	struct uk_wait_queue q;

	uk_wait_init(&q);
	uk_wait_wake(&q);
	UK_CHECK(uk_list_empty(&q.waiters));
}

UK_TEST(wait, until)
{
	uint64_t deadline = uk_plat_time_ns() + 1000000;

	uk_wait_until(deadline);
	UK_CHECK(uk_plat_time_ns() >= deadline);
}
