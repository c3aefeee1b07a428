/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <uk/coop.h>
#include <uk/test.h>

static uint64_t queue[8];
static struct uk_sched_entity e[3];

static int setup(void)
{
	UK_REQUIRE(uk_coop_ops.queue_size <= sizeof(queue));
	uk_coop_ops.init(queue);
	for (int i = 0; i < 3; i++)
		e[i] = (struct uk_sched_entity){.params.priority = (unsigned)i};
	return 0;
}
UK_TEST_FIXTURE(coop, setup, NULL);

UK_TEST(coop, first_come_first_served)
{
	struct uk_sched_entity *running;

	for (int i = 0; i < 3; i++)
		uk_coop_ops.add(queue, &e[i], UK_SCHED_NEW, 0);
	for (int i = 0; i < 9; i++) {
		running = uk_coop_ops.pick(queue, 0);
		UK_CHECK_PTR(running, &e[i % 3]);
		uk_coop_ops.add(queue, running, i % 2 ? UK_SCHED_YIELD : UK_SCHED_WAKE, 0);
	}
}

UK_TEST(coop, nothing_interrupts)
{
	uk_coop_ops.add(queue, &e[2], UK_SCHED_WAKE, 0);
	UK_CHECK(!uk_coop_ops.preemptive);
	UK_CHECK(!uk_coop_ops.before(queue, &e[2], &e[0]));
	UK_CHECK_EQ(uk_coop_ops.slice(queue, &e[0]), UINT64_MAX);
}
