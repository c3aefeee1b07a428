/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <uk/rr.h>
#include <uk/test.h>

#define SLICE(running) uk_rr_ops.slice(queue, &(running))

static uint64_t queue[160];
static struct uk_sched_entity a, b, urgent, fifo;

static int setup(void)
{
	UK_REQUIRE(uk_rr_ops.queue_size <= sizeof(queue));
	queue[0] = 0;
	uk_rr_ops.init(queue);
	a = b = (struct uk_sched_entity){.params.priority = 5};
	fifo = (struct uk_sched_entity){.params = {.priority = 5, .fifo = true}};
	urgent = (struct uk_sched_entity){.params.priority = 63};
	return 0;
}
UK_TEST_FIXTURE(rr, setup, NULL);

static void add(struct uk_sched_entity *e, enum uk_sched_why why)
{
	uk_rr_ops.add(queue, e, why, 0);
}

static struct uk_sched_entity *pick(void)
{
	return uk_rr_ops.pick(queue, 0);
}

UK_TEST(rr, urgent_first)
{
	struct uk_sched_entity idle = {.params.priority = 0};

	add(&idle, UK_SCHED_NEW);
	add(&a, UK_SCHED_NEW);
	add(&urgent, UK_SCHED_WAKE);
	UK_CHECK(uk_rr_ops.before(queue, &urgent, &a));
	UK_CHECK(!uk_rr_ops.before(queue, &b, &a));
	UK_CHECK(!uk_rr_ops.before(queue, &a, &urgent));
	UK_CHECK_EQ(SLICE(b), 0);
	UK_CHECK_PTR(pick(), &urgent);
	UK_CHECK_PTR(pick(), &a);
	UK_CHECK_PTR(pick(), &idle);
	UK_CHECK_PTR(pick(), NULL);
}

UK_TEST(rr, slices_among_equals_only)
{
	UK_CHECK_EQ(SLICE(a), UINT64_MAX);
	add(&b, UK_SCHED_NEW);
	UK_CHECK(SLICE(a) > 0 && SLICE(a) < UINT64_MAX);
	UK_CHECK_EQ(SLICE(urgent), UINT64_MAX);
	UK_CHECK_EQ(SLICE(fifo), UINT64_MAX);
}

UK_TEST(rr, slice_over)
{
	add(&b, UK_SCHED_NEW);
	add(&a, UK_SCHED_PREEMPT);
	UK_CHECK_PTR(pick(), &b);
}

UK_TEST(rr, interrupted_goes_on)
{
	add(&b, UK_SCHED_NEW);
	add(&urgent, UK_SCHED_WAKE);
	add(&a, UK_SCHED_PREEMPT);
	UK_CHECK_PTR(pick(), &urgent);
	UK_CHECK_PTR(pick(), &a);
	add(&a, UK_SCHED_YIELD);
	UK_CHECK_PTR(pick(), &b);
}

/* One that is always interrupted before its slice is over. */
static int turns_until_b(struct uk_sched_entity *hog)
{
	struct uk_sched_entity *running;
	int turns = 0;

	add(&b, UK_SCHED_NEW);
	do {
		add(&urgent, UK_SCHED_WAKE);
		add(hog, UK_SCHED_PREEMPT);
		UK_REQUIRE(pick() == &urgent);
		running = pick();
	} while (++turns < 100 && running == hog);
	return turns;
}

UK_TEST(rr, interruptions_starve_nobody)
{
	UK_CHECK_EQ(turns_until_b(&a), 16);
}

UK_TEST(rr, fifo_keeps_its_turn)
{
	UK_CHECK_EQ(turns_until_b(&fifo), 100);
	add(&fifo, UK_SCHED_PREEMPT);
	UK_CHECK_PTR(pick(), &fifo);
	add(&fifo, UK_SCHED_YIELD);
	UK_CHECK_PTR(pick(), &b);
}
