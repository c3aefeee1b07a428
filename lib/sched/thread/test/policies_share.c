/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Who gets how much of a CPU, in simulated time: equal threads under every policy, weights and sleepers under fair,
 * priorities under rr. */

#include "policies.h"

#include <string.h>

#include <uk/base.h>
#include <uk/print.h>
#include <uk/test.h>

UK_SET_DECLARE(sched, struct uk_sched_provider);

#define MS 1000000ull

static struct uk_thread_sim sim;
static const struct uk_sched_params ordinary;

/* The policy of this name, ready for a test, which is skipped if the image has none. */
static void use(const char *name)
{
	const struct uk_sched_ops *ops = uk_sched_find(name);

	if (!ops)
		UK_SKIP("this policy is not in the image");
	uk_thread_sim_init(&sim, ops, uk_thread_sim_seed());
}

/* Runs 1 ms and yields: what everybody does under policies without preemption. */
static void yields(struct uk_thread_sim *s, struct uk_thread_sim_task *t)
{
	t->left = MS;
	uk_thread_sim_yield(s, t);
}

static void sleeps_now_and_then(struct uk_thread_sim *s, struct uk_thread_sim_task *t)
{
	t->left = 1 + uk_thread_sim_random(&s->random, 1000000);
	uk_thread_sim_sleep(s, t, s->now + 1 + uk_thread_sim_random(&s->random, 5000000));
}

static struct uk_thread_sim_task *hog(unsigned priority)
{
	const struct uk_sched_params p = {.priority = priority};
	struct uk_thread_sim_task *t = uk_thread_sim_task(&sim, &p, sim.now, MS);

	if (!sim.ops->preemptive)
		t->done = yields;
	return t;
}

UK_TEST(policies, equals_share_equally)
{
	UK_SET_EACH (sched, struct uk_sched_provider, it) {
		uk_thread_sim_init(&sim, it->ops, 1);
		uk_printf("# %s\n", it->ops->name);
		for (int i = 0; i < 8; i++)
			hog(0);
		uk_thread_sim_run(&sim, sim.now + 8000 * MS);
		for (int i = 0; i < 8; i++) {
			UK_CHECK(sim.tasks[i].got > 970 * MS);
			UK_CHECK(sim.tasks[i].got < 1030 * MS);
			UK_CHECK(sim.tasks[i].waited < 120 * MS);
		}
	}
}

/* Besides others that come and go. */
UK_TEST(policies, nobody_starves)
{
	UK_SET_EACH (sched, struct uk_sched_provider, it) {
		uk_thread_sim_init(&sim, it->ops, uk_thread_sim_seed());
		hog(0);
		hog(0);
		for (int i = 0; i < 12; i++)
			uk_thread_sim_task(&sim, &ordinary, sim.now, MS)->done = sleeps_now_and_then;
		uk_thread_sim_run(&sim, sim.now + 5000 * MS);
		for (unsigned i = 0; i < sim.count; i++) {
			UK_CHECK(sim.tasks[i].waited < 200 * MS);
			UK_CHECK(sim.tasks[i].got > 20 * MS);
		}
	}
}

UK_TEST(policies, yield_is_in_turn)
{
	static const char *const names[] = {"coop", "rr", "fair", "edf"};

	for (unsigned n = 0; n < UK_ARRAY_SIZE(names); n++) {
		const struct uk_sched_ops *ops = uk_sched_find(names[n]);

		if (!ops)
			continue;
		uk_thread_sim_init(&sim, ops, 1);
		for (int i = 0; i < 5; i++)
			ops->add(sim.queue, &sim.tasks[i].entity, UK_SCHED_NEW, sim.now);
		for (int i = 0; i < 1000; i++) {
			struct uk_sched_entity *e = ops->pick(sim.queue, sim.now);

			UK_REQUIRE(e == &sim.tasks[i % 5].entity);
			ops->add(sim.queue, e, UK_SCHED_YIELD, sim.now);
		}
	}
}

/* 1.25^n in thousandths. */
static uint64_t weight(unsigned n)
{
	uint64_t w = 1000;

	while (n--)
		w = w * 5 / 4;
	return w;
}

/* Whether each task has its part of ns by weight, but for a difference of so many ns. */
static void check_shares(uint64_t ns, uint64_t tolerance)
{
	uint64_t sum = 0, part;

	for (unsigned i = 0; i < sim.count; i++)
		sum += weight(sim.tasks[i].entity.params.priority);
	for (unsigned i = 0; i < sim.count; i++) {
		part = ns / 1000 * weight(sim.tasks[i].entity.params.priority) / sum * 1000;
		UK_CHECK(sim.tasks[i].got + tolerance > part);
		UK_CHECK(sim.tasks[i].got < part + tolerance);
	}
}

static const unsigned mixes[][4] = {{0, 0, 0, 0}, {0, 1, 2, 3}, {0, 5, 10, 20}, {20, 20, 30, 31}, {60, 61, 62, 63}};

/* The bound of fair.c: at any time, not only in the end. With the default slice of 3 ms, four of them. */
UK_TEST(policies, fair_weights)
{
	use("fair");
	for (unsigned m = 0; m < UK_ARRAY_SIZE(mixes); m++) {
		uk_thread_sim_init(&sim, sim.ops, 1);
		for (int i = 0; i < 4; i++)
			hog(mixes[m][i]);
		for (uint64_t ms = 0; ms < 4000; ms += 37) {
			uk_thread_sim_run(&sim, (1000 + ms) * MS);
			check_shares(ms * MS, 13 * MS);
		}
	}
}

static void works_for_ever(struct uk_thread_sim *s UK_UNUSED, struct uk_thread_sim_task *t)
{
	t->done = NULL;
}

/* Who has slept for a second does not get that second now. */
UK_TEST(policies, fair_sleep_is_not_saved)
{
	struct uk_thread_sim_task *sleeper;
	uint64_t before;

	use("fair");
	hog(0);
	hog(0);
	sleeper = uk_thread_sim_task(&sim, &ordinary, sim.now, 10 * MS);
	sleeper->done = sleeps_now_and_then;
	uk_thread_sim_run(&sim, sim.now + 1000 * MS);
	while (!sleeper->sleeps)
		uk_thread_sim_run(&sim, sim.now + MS);
	sleeper->wake_at = sim.now + 1000 * MS;
	sleeper->left = 1;
	sleeper->done = works_for_ever;
	uk_thread_sim_run(&sim, sleeper->wake_at);
	before = sim.tasks[0].got + sim.tasks[1].got;
	uk_thread_sim_run(&sim, sim.now + 30 * MS);
	UK_CHECK(sim.tasks[0].got + sim.tasks[1].got - before >= 14 * MS);
	UK_CHECK(sim.tasks[0].got + sim.tasks[1].got - before <= 24 * MS);
}

static void wants_little(struct uk_thread_sim *s, struct uk_thread_sim_task *t)
{
	t->left = 1 + uk_thread_sim_random(&s->random, 20000);
	uk_thread_sim_sleep(s, t, s->now + 1 + uk_thread_sim_random(&s->random, 5000000));
}

/* Who sleeps often and wants little gets it at once, also beside many. */
UK_TEST(policies, fair_short_wakes_soon)
{
	struct uk_thread_sim_task *t;

	use("fair");
	for (int i = 0; i < 10; i++)
		hog(0);
	t = uk_thread_sim_task(&sim, &ordinary, sim.now, 1000);
	t->done = wants_little;
	uk_thread_sim_run(&sim, sim.now + 200 * MS);
	t->waited = 0;
	uk_thread_sim_run(&sim, sim.now + 1000 * MS);
	UK_CHECK(t->periods > 100);
	UK_CHECK(t->waited < MS);
}

/* Ends, and a new thread begins in its place. */
static void begins_anew(struct uk_thread_sim *s, struct uk_thread_sim_task *t)
{
	t->entity = (struct uk_sched_entity){.params = t->entity.params};
	t->periods = 0;
	t->left = MS;
	uk_thread_sim_sleep(s, t, s->now);
}

/* Threads that are always new do not get more than others. */
UK_TEST(policies, fair_new_ones)
{
	struct uk_thread_sim_task *t;

	use("fair");
	t = hog(0);
	for (int i = 0; i < 4; i++)
		uk_thread_sim_task(&sim, &ordinary, sim.now, MS)->done = begins_anew;
	uk_thread_sim_run(&sim, sim.now + 1000 * MS);
	UK_CHECK(t->got > 180 * MS);
}

static bool any_may(struct uk_sched_entity *e UK_UNUSED, void *arg UK_UNUSED)
{
	return true;
}

/* A thread that comes from a CPU on which virtual time is far ahead, or far behind, is neither starved nor preferred.
 */
static void move_between(uint64_t ms_there, uint64_t ms_here)
{
	static struct uk_thread_sim other;
	struct uk_thread_sim_task *t;
	struct uk_sched_entity *e;
	uint64_t before;

	uk_thread_sim_init(&sim, sim.ops, 1);
	uk_thread_sim_init(&other, sim.ops, 1);
	hog(0);
	hog(0);
	uk_thread_sim_run(&sim, sim.now + ms_here * MS);
	uk_thread_sim_task(&other, &ordinary, other.now, MS);
	uk_thread_sim_task(&other, &ordinary, other.now, MS);
	uk_thread_sim_run(&other, other.now + ms_there * MS);
	e = sim.ops->steal(other.queue, any_may, NULL);
	UK_REQUIRE(e);
	t = &sim.tasks[sim.count++];
	*t = *uk_container_of(e, struct uk_thread_sim_task, entity);
	before = t->got;
	sim.ops->add(sim.queue, &t->entity, UK_SCHED_MOVED, sim.now);
	uk_thread_sim_run(&sim, sim.now + 90 * MS);
	UK_CHECK(t->got - before > 20 * MS);
	UK_CHECK(t->got - before < 40 * MS);
}

UK_TEST(policies, fair_between_cpus)
{
	use("fair");
	move_between(10000, 10);
	move_between(10, 10000);
}

/* A thread that runs alone for long does not make one that joins it run alone as long. */
UK_TEST(policies, fair_lone_is_charged)
{
	struct uk_thread_sim_task *late;

	use("fair");
	hog(0);
	late = uk_thread_sim_task(&sim, &ordinary, sim.now + 5000 * MS, MS);
	uk_thread_sim_run(&sim, sim.now + 5100 * MS);
	UK_CHECK(late->got > 40 * MS);
	UK_CHECK(late->got < 60 * MS);
}

/* The more urgent first, and equals in turns of a slice. */
UK_TEST(policies, rr_priorities)
{
	use("rr");
	hog(1);
	hog(7);
	hog(7);
	uk_thread_sim_run(&sim, sim.now + 1000 * MS);
	UK_CHECK_EQ(sim.tasks[0].got, 0);
	UK_CHECK(sim.tasks[1].got >= 480 * MS && sim.tasks[1].got <= 520 * MS);
	UK_CHECK(sim.tasks[2].got >= 480 * MS && sim.tasks[2].got <= 520 * MS);
}

static void wakes_often(struct uk_thread_sim *s, struct uk_thread_sim_task *t)
{
	t->left = 1000;
	uk_thread_sim_sleep(s, t, s->now + MS);
}

/* An urgent thread that wakes more often than a slice is long does not keep equals below it from their turns. */
UK_TEST(policies, rr_interrupted_turns)
{
	const struct uk_sched_params urgent = {.priority = 9};

	use("rr");
	hog(0);
	hog(0);
	uk_thread_sim_task(&sim, &urgent, sim.now, 1000)->done = wakes_often;
	uk_thread_sim_run(&sim, sim.now + 2000 * MS);
	UK_CHECK(sim.tasks[0].got >= 900 * MS && sim.tasks[0].got <= 1100 * MS);
	UK_CHECK(sim.tasks[1].got >= 900 * MS && sim.tasks[1].got <= 1100 * MS);
}
