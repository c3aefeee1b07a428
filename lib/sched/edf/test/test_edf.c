/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Whole schedules are tried with the other policies, in sched/thread. */

#include <uk/edf.h>
#include <uk/test.h>

#define MS 1000000ull
#define OPS uk_edf_ops
#define NOW (1000 * MS)

static uint64_t queue[128];
static struct uk_sched_entity soon, late, plain, other;

static int setup(void)
{
	UK_REQUIRE(OPS.queue_size <= sizeof(queue));
	for (size_t i = 0; i < UK_ARRAY_SIZE(queue); i++)
		queue[i] = 0;
	OPS.init(queue);
	soon = (struct uk_sched_entity){.params = {.runtime = MS, .period = 10 * MS}};
	late = (struct uk_sched_entity){.params = {.runtime = 5 * MS, .period = 50 * MS}};
	plain = other = (struct uk_sched_entity){.params.priority = 63};
	return 0;
}
UK_TEST_FIXTURE(edf, setup, NULL);

UK_TEST(edf, earliest_deadline_first)
{
	OPS.add(queue, &plain, UK_SCHED_NEW, NOW);
	OPS.add(queue, &late, UK_SCHED_NEW, NOW);
	OPS.add(queue, &soon, UK_SCHED_NEW, NOW);
	UK_CHECK(OPS.before(queue, &soon, &late));
	UK_CHECK(!OPS.before(queue, &late, &soon));
	UK_CHECK(OPS.before(queue, &late, &plain));
	UK_CHECK_PTR(OPS.pick(queue, NOW), &soon);
	UK_CHECK_PTR(OPS.pick(queue, NOW), &late);
	UK_CHECK_PTR(OPS.pick(queue, NOW), &plain);
}

UK_TEST(edf, budget_ends)
{
	OPS.add(queue, &plain, UK_SCHED_NEW, NOW);
	OPS.add(queue, &soon, UK_SCHED_NEW, NOW);
	UK_REQUIRE(OPS.pick(queue, NOW) == &soon);
	UK_CHECK_EQ(OPS.slice(queue, &soon), MS);
	OPS.ran(queue, &soon, MS);
	UK_CHECK_EQ(OPS.slice(queue, &soon), 0);
	OPS.add(queue, &soon, UK_SCHED_PREEMPT, NOW + MS);
	UK_REQUIRE(OPS.pick(queue, NOW + MS) == &plain);
	/* until the other's next budget */
	UK_CHECK_EQ(OPS.slice(queue, &plain), 9 * MS);
	OPS.ran(queue, &plain, 9 * MS);
	UK_CHECK_EQ(OPS.slice(queue, &plain), 0);
	OPS.add(queue, &plain, UK_SCHED_PREEMPT, NOW + 10 * MS);
	UK_CHECK_PTR(OPS.pick(queue, NOW + 10 * MS), &soon);
}

UK_TEST(edf, background_takes_turns)
{
	OPS.add(queue, &plain, UK_SCHED_NEW, NOW);
	OPS.add(queue, &other, UK_SCHED_NEW, NOW);
	UK_REQUIRE(OPS.pick(queue, NOW) == &plain);
	OPS.ran(queue, &plain, 3600000 * MS);
	UK_CHECK_EQ(OPS.slice(queue, &plain), 0);
	OPS.add(queue, &plain, UK_SCHED_PREEMPT, NOW);
	UK_REQUIRE(OPS.pick(queue, NOW) == &other);
	OPS.add(queue, &other, UK_SCHED_PREEMPT, NOW); /* interrupted, slice not over */
	UK_CHECK_PTR(OPS.pick(queue, NOW), &other);
}

UK_TEST(edf, next_period_and_misses)
{
	OPS.add(queue, &soon, UK_SCHED_NEW, NOW);
	UK_REQUIRE(OPS.pick(queue, NOW) == &soon);
	UK_CHECK_EQ(OPS.next_period(queue, &soon, NOW + MS), NOW + 10 * MS);
	UK_CHECK_EQ(soon.misses, 0);
	OPS.add(queue, &soon, UK_SCHED_WAKE, NOW + 10 * MS);
	UK_REQUIRE(OPS.pick(queue, NOW + 10 * MS) == &soon);
	UK_CHECK_EQ(OPS.next_period(queue, &soon, NOW + 20 * MS), NOW + 20 * MS); /* just in time */
	UK_CHECK_EQ(soon.misses, 0);
	UK_CHECK_EQ(OPS.next_period(queue, &soon, NOW + 55 * MS), NOW + 50 * MS); /* those that end at 30, 40, 50 */
	UK_CHECK_EQ(soon.misses, 3);
	UK_CHECK_EQ(OPS.next_period(queue, &soon, NOW + 70 * MS), NOW + 60 * MS); /* the one that ends at 60 */
	UK_CHECK_EQ(soon.misses, 4);
	UK_CHECK_EQ(OPS.next_period(queue, &plain, NOW), 0);
}

/* A late timer is not to the disadvantage of who waited for its period. */
UK_TEST(edf, late_timer)
{
	OPS.add(queue, &soon, UK_SCHED_NEW, NOW);
	UK_REQUIRE(OPS.pick(queue, NOW) == &soon);
	UK_CHECK_EQ(OPS.next_period(queue, &soon, NOW + MS), NOW + 10 * MS);
	OPS.add(queue, &soon, UK_SCHED_WAKE, NOW + 12 * MS);
	UK_CHECK_EQ(soon.deadline, NOW + 20 * MS);
	UK_CHECK_EQ(soon.budget, MS);
}

/* Parameters that were changed between two turns count from now on. */
UK_TEST(edf, changed_parameters)
{
	OPS.add(queue, &plain, UK_SCHED_NEW, NOW);
	OPS.remove(queue, &plain);
	plain.params = soon.params;
	OPS.add(queue, &plain, UK_SCHED_YIELD, NOW);
	UK_CHECK_EQ(plain.deadline, NOW + 10 * MS);
	UK_CHECK_EQ(plain.budget, MS);
	OPS.remove(queue, &plain);
	plain.params = other.params;
	OPS.add(queue, &plain, UK_SCHED_YIELD, NOW);
	UK_CHECK_PTR(OPS.pick(queue, NOW), &plain);
}
