/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Reservations under edf, in simulated time: what is admitted meets its deadlines, beside others that overrun theirs,
 * misses are counted, and who has no reservation does not starve. */

#include "policies.h"

#include <errno.h>

#include <uk/base.h>
#include <uk/test.h>

#define MS 1000000ull

static struct uk_thread_sim sim;
static const struct uk_sched_params ordinary;

static void use_edf(uint32_t seed)
{
	const struct uk_sched_ops *ops = uk_sched_find("edf");

	if (!ops)
		UK_SKIP("this policy is not in the image");
	uk_thread_sim_init(&sim, ops, seed);
}

static uint64_t deadline_of(const struct uk_sched_params *p)
{
	return p->deadline ? p->deadline : p->period;
}

/* The work of a period is done: count a miss as the policy should, and wait for the next period. */
static void period_done(struct uk_thread_sim *s, struct uk_thread_sim_task *t)
{
	const struct uk_sched_params *p = &t->entity.params;
	uint64_t next = t->begun + p->period;

	for (uint64_t due = t->begun + deadline_of(p); due < s->now; due += p->period)
		t->missed++;
	while (next + deadline_of(p) < s->now)
		next += p->period;
	t->begun = next;
	t->left = t->runtime / 2 + uk_thread_sim_random(&s->random, (uint32_t)(t->runtime / 2) + 1);
	UK_CHECK_EQ(s->ops->next_period(s->queue, &t->entity, s->now), next);
	UK_CHECK_EQ(t->entity.misses, t->missed);
	if (next > s->now)
		uk_thread_sim_sleep(s, t, next);
}

/* A task with a reservation, whose work takes up to `runtime` in each period. */
static struct uk_thread_sim_task *reserve(const struct uk_sched_params *p, uint64_t begin, uint64_t runtime)
{
	struct uk_thread_sim_task *t = uk_thread_sim_task(&sim, p, begin, runtime);

	t->begun = begin;
	t->runtime = runtime;
	t->done = period_done;
	return t;
}

/* As many random reservations as are admitted on one CPU. */
static void admit_many(void)
{
	struct uk_sched_params p = {0};
	int refused = 0;

	while (refused < 10 && sim.count < 16) {
		p.period = MS + uk_thread_sim_random(&sim.random, 100) * MS;
		p.runtime = p.period / 100 * (1 + uk_thread_sim_random(&sim.random, 30));
		p.deadline = uk_thread_sim_random(&sim.random, 3) ? 0 : p.period / 2 + p.runtime / 2;
		if (sim.ops->admit(NULL, &p, 1))
			refused++;
		else
			reserve(&p, sim.now + uk_thread_sim_random(&sim.random, 50) * MS, p.runtime);
	}
}

static void give_all_back(void)
{
	for (unsigned i = 0; i < sim.count; i++)
		sim.ops->leave(&sim.tasks[i].entity.params);
}

/* A thread without a reservation that comes rarely, and then wants much. */
static void comes_and_goes(struct uk_thread_sim *s, struct uk_thread_sim_task *t)
{
	t->left = 10 * MS;
	uk_thread_sim_sleep(s, t, s->now + 1 + uk_thread_sim_random(&s->random, 300000000));
}

/* Beside threads without reservations, and others that take whatever they get. */
UK_TEST(policies, edf_admitted_meet_deadlines)
{
	unsigned n;

	for (uint32_t seed = 0; seed < 20; seed++) {
		use_edf(uk_thread_sim_seed() + seed);
		admit_many();
		n = sim.count;
		UK_CHECK(n > 1);
		sim.tasks[0].done = NULL; /* overruns: never done */
		uk_thread_sim_task(&sim, &ordinary, sim.now, MS)->done = seed % 2 ? comes_and_goes : NULL;
		uk_thread_sim_task(&sim, &ordinary, sim.now, MS)->done = seed % 2 ? comes_and_goes : NULL;
		uk_thread_sim_run(&sim, sim.now + 3000 * MS);
		give_all_back();
		for (unsigned i = 1; i < n; i++) {
			UK_CHECK(sim.tasks[i].periods > 10);
			UK_CHECK_EQ(sim.tasks[i].entity.misses, 0);
		}
		if (seed % 2)
			continue;
		UK_CHECK(sim.tasks[n].got > 60 * MS); /* at least 5% for both */
		UK_CHECK(sim.tasks[n + 1].got > 60 * MS);
	}
}

/* One that overruns gets its share and no more, while others want the CPU. */
UK_TEST(policies, edf_overrun_is_held)
{
	const struct uk_sched_params p = {.runtime = 2 * MS, .period = 10 * MS};

	use_edf(1);
	uk_thread_sim_task(&sim, &p, sim.now, MS);
	uk_thread_sim_task(&sim, &ordinary, sim.now, MS);
	uk_thread_sim_run(&sim, sim.now + 1000 * MS);
	UK_CHECK(sim.tasks[0].got >= 198 * MS && sim.tasks[0].got <= 204 * MS);
	UK_CHECK_EQ(sim.tasks[0].got + sim.tasks[1].got, 1000 * MS);
}

/* Alone it gets all, and owes nothing when somebody comes. */
UK_TEST(policies, edf_idle_time_is_free)
{
	const struct uk_sched_params p = {.runtime = 2 * MS, .period = 10 * MS};

	use_edf(1);
	uk_thread_sim_task(&sim, &p, sim.now, MS);
	uk_thread_sim_task(&sim, &ordinary, sim.now + 1000 * MS, MS);
	uk_thread_sim_run(&sim, sim.now + 1000 * MS);
	UK_CHECK_EQ(sim.tasks[0].got, 1000 * MS);
	uk_thread_sim_run(&sim, sim.now + 100 * MS);
	UK_CHECK(sim.tasks[0].got >= 1018 * MS && sim.tasks[0].got <= 1024 * MS);
}

/* More work than there is time: each miss is counted, by the policy as by the task (period_done()), and threads without
 * a reservation still get something. */
UK_TEST(policies, edf_overload)
{
	const struct uk_sched_params p = {.runtime = 8 * MS, .period = 10 * MS};
	const struct uk_sched_params q = {.runtime = 20 * MS, .deadline = 30 * MS, .period = 50 * MS};
	struct uk_thread_sim_task *t;

	use_edf(1);
	reserve(&p, sim.now, 9 * MS);
	reserve(&p, sim.now, 25 * MS);
	reserve(&q, sim.now, 20 * MS);
	t = uk_thread_sim_task(&sim, &ordinary, sim.now, MS);
	uk_thread_sim_run(&sim, sim.now + 10000 * MS);
	UK_CHECK(sim.tasks[1].missed > 100);
	UK_CHECK(t->got > 200 * MS);
	UK_CHECK(t->waited < 1000 * MS);
}

/* Two that leave nothing over, one running while the other is spent. */
UK_TEST(policies, edf_background_does_not_starve)
{
	const struct uk_sched_params p = {.runtime = 5 * MS, .period = 10 * MS};
	struct uk_thread_sim_task *t;

	use_edf(1);
	uk_thread_sim_task(&sim, &p, sim.now, MS);
	uk_thread_sim_task(&sim, &p, sim.now + 5 * MS, MS);
	t = uk_thread_sim_task(&sim, &ordinary, sim.now, MS);
	uk_thread_sim_run(&sim, sim.now + 10000 * MS);
	UK_CHECK(t->got > 400 * MS);
	UK_CHECK(t->waited < 300 * MS);
}

/* The background's share comes in time, too, beside one with much time and a late deadline. */
UK_TEST(policies, edf_background_is_in_time)
{
	const struct uk_sched_params p = {.runtime = 940 * MS, .period = 1000 * MS};
	struct uk_thread_sim_task *t;

	use_edf(1);
	t = uk_thread_sim_task(&sim, &ordinary, sim.now, MS);
	uk_thread_sim_task(&sim, &p, sim.now, MS);
	uk_thread_sim_run(&sim, sim.now + 10000 * MS);
	UK_CHECK(t->got > 500 * MS);
	UK_CHECK(t->waited < 200 * MS);
}

/* Reservations that sleep and wake as they like do not get more than their share. */
static void sleeps_oddly(struct uk_thread_sim *s, struct uk_thread_sim_task *t)
{
	t->left = 1 + uk_thread_sim_random(&s->random, 3000000);
	uk_thread_sim_sleep(s, t, s->now + 1 + uk_thread_sim_random(&s->random, 2000000));
}

UK_TEST(policies, edf_sleepers_hurt_nobody)
{
	const struct uk_sched_params odd = {.runtime = 3 * MS, .period = 7 * MS};
	const struct uk_sched_params p = {.runtime = 5 * MS, .period = 10 * MS};

	for (uint32_t seed = 0; seed < 20; seed++) {
		use_edf(uk_thread_sim_seed() + seed);
		uk_thread_sim_task(&sim, &odd, sim.now, MS)->done = sleeps_oddly;
		reserve(&p, sim.now + 3 * MS, 5 * MS);
		uk_thread_sim_task(&sim, &ordinary, sim.now, MS);
		uk_thread_sim_run(&sim, sim.now + 1000 * MS);
		UK_CHECK_EQ(sim.tasks[1].entity.misses, 0);
		UK_CHECK(sim.tasks[2].got > 10 * MS);
	}
}

static const struct {
	struct uk_sched_params params;
	int result;
} wishes[] = {
    {{0}, 0},
    {{.priority = 63, .fifo = true}, 0},
    {{.runtime = 5 * MS, .period = 10 * MS}, 0},
    {{.runtime = 5 * MS, .deadline = 8 * MS, .period = 10 * MS}, 0},
    {{.runtime = 10 * MS, .period = 10 * MS}, -EBUSY},
    {{.runtime = 5 * MS, .deadline = 5 * MS, .period = 10 * MS}, -EBUSY},
    {{.runtime = 5 * MS}, -EINVAL},
    {{.deadline = 5 * MS}, -EINVAL},
    {{.period = 5 * MS}, -EINVAL},
    {{.runtime = 1, .period = 5 * MS}, -EINVAL},
    {{.runtime = 6 * MS, .period = 5 * MS}, -EINVAL},
    {{.runtime = 4 * MS, .deadline = 3 * MS, .period = 5 * MS}, -EINVAL},
    {{.runtime = 4 * MS, .deadline = 6 * MS, .period = 5 * MS}, -EINVAL},
    {{.runtime = 4 * MS, .period = UINT64_MAX}, -EINVAL},
    {{.runtime = UINT64_MAX, .period = UINT64_MAX}, -EINVAL},
};

UK_TEST(policies, edf_admission)
{
	use_edf(1);
	for (unsigned i = 0; i < UK_ARRAY_SIZE(wishes); i++) {
		const int got = sim.ops->admit(NULL, &wishes[i].params, 1);

		UK_CHECK_EQ(got, wishes[i].result);
		if (!got)
			sim.ops->leave(&wishes[i].params);
	}
}

/* Nothing is lost or gained by asking, changing and leaving. */
UK_TEST(policies, edf_admission_adds_up)
{
	const struct uk_sched_params half = {.runtime = 5 * MS, .period = 10 * MS};
	const struct uk_sched_params third = {.runtime = 3 * MS, .period = 9 * MS};

	use_edf(1);
	for (int i = 0; i < 1000; i++) {
		UK_CHECK_EQ(sim.ops->admit(NULL, &half, 1), 0);
		UK_CHECK_EQ(sim.ops->admit(NULL, &half, 1), -EBUSY);
		UK_CHECK_EQ(sim.ops->admit(NULL, &half, 2), 0);
		UK_CHECK_EQ(sim.ops->admit(NULL, &third, 1), -EBUSY);
		UK_CHECK_EQ(sim.ops->admit(&half, &third, 1), 0);
		UK_CHECK_EQ(sim.ops->admit(&third, &ordinary, 1), 0);
		sim.ops->leave(&ordinary);
		sim.ops->leave(&half);
	}
}
