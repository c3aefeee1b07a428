/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Shares and bounds are tried with the other policies, in sched/thread. */

#include <uk/fair.h>
#include <uk/test.h>

#define MS 1000000ull
#define OPS uk_fair_ops

static uint64_t queue[128];
static struct uk_sched_entity a, b, urgent;

static int setup(void)
{
	UK_REQUIRE(OPS.queue_size <= sizeof(queue));
	for (size_t i = 0; i < UK_ARRAY_SIZE(queue); i++)
		queue[i] = 0;
	OPS.init(queue);
	a = b = (struct uk_sched_entity){.params.priority = 0};
	urgent = (struct uk_sched_entity){.params.priority = 63};
	return 0;
}
UK_TEST_FIXTURE(fair, setup, NULL);

/* Put it in and have it picked. */
static void run(struct uk_sched_entity *e)
{
	OPS.add(queue, e, UK_SCHED_NEW, 0);
	UK_REQUIRE(OPS.pick(queue, 0) == e);
}

UK_TEST(fair, alone_without_limit)
{
	run(&a);
	OPS.ran(queue, &a, 3600000 * MS);
	UK_CHECK_EQ(OPS.slice(queue, &a), UINT64_MAX);
}

UK_TEST(fair, least_virtual_time_runs)
{
	run(&a);
	OPS.add(queue, &b, UK_SCHED_NEW, 0);
	UK_CHECK(OPS.slice(queue, &a) > 0 && OPS.slice(queue, &a) < 1000 * MS);
	OPS.ran(queue, &a, 1000 * MS);
	UK_CHECK_EQ(OPS.slice(queue, &a), 0);
	UK_CHECK(OPS.before(queue, &b, &a));
	OPS.add(queue, &a, UK_SCHED_PREEMPT, 0);
	UK_CHECK_PTR(OPS.pick(queue, 0), &b);
}

UK_TEST(fair, weight_slows_virtual_time)
{
	uint64_t before;

	run(&urgent);
	before = urgent.vtime;
	/* Less than a unit each time: nothing of it is lost. 1.25^63 is 1274473. */
	for (int i = 0; i < 1274473; i++)
		OPS.ran(queue, &urgent, 1);
	UK_CHECK(urgent.vtime - before == 15 || urgent.vtime - before == 16);
}

UK_TEST(fair, yield_lets_the_first_go)
{
	run(&a);
	OPS.add(queue, &b, UK_SCHED_NEW, 0);
	OPS.add(queue, &a, UK_SCHED_YIELD, 0);
	UK_CHECK_PTR(OPS.pick(queue, 0), &b);
}
