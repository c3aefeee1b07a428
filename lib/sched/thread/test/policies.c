/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include "policies.h"

#include <string.h>

#include <uk/base.h>
#include <uk/param.h>
#include <uk/test.h>

static unsigned seed = 1;
UK_PARAM_UINT("sched.test.seed", seed, "start of the random numbers of the policies' tests");

uint32_t uk_thread_sim_seed(void)
{
	return seed;
}

uint32_t uk_thread_sim_random(uint32_t *state, uint32_t n)
{
	*state = *state * 1664525 + 1013904223;
	return (uint32_t)((uint64_t)*state * n >> 32);
}

void uk_thread_sim_init(struct uk_thread_sim *s, const struct uk_sched_ops *ops, uint32_t random_seed)
{
	memset(s, 0, sizeof(*s));
	s->ops = ops;
	s->now = 1000000000;
	s->random = random_seed;
	UK_REQUIRE(ops->queue_size <= sizeof(s->queue));
	ops->init(s->queue);
}

struct uk_thread_sim_task *uk_thread_sim_task(struct uk_thread_sim *s, const struct uk_sched_params *params,
					      uint64_t wake_at, uint64_t left)
{
	struct uk_thread_sim_task *t = &s->tasks[s->count++];

	UK_REQUIRE(s->count <= UK_THREAD_SIM_TASKS);
	t->entity.params = *params;
	t->wake_at = wake_at;
	t->left = left;
	t->sleeps = true;
	return t;
}

static uint64_t policy_time(const struct uk_thread_sim *s)
{
	return s->ops->timed ? s->now : 0;
}

static void add(struct uk_thread_sim *s, struct uk_thread_sim_task *t, enum uk_sched_why why)
{
	t->since = s->now;
	s->ops->add(s->queue, &t->entity, why, policy_time(s));
}

static void stop(struct uk_thread_sim *s, enum uk_sched_why why)
{
	struct uk_thread_sim_task *t = s->running;

	s->running = NULL;
	add(s, t, why);
}

void uk_thread_sim_sleep(struct uk_thread_sim *s, struct uk_thread_sim_task *t, uint64_t until)
{
	t->sleeps = true;
	t->wake_at = until;
	s->running = NULL;
}

void uk_thread_sim_yield(struct uk_thread_sim *s, struct uk_thread_sim_task *t UK_UNUSED)
{
	stop(s, UK_SCHED_YIELD);
}

/* When the running task's slice is over. Policies that know the time are asked again each time; for the others it
 * counts from when it was first limited. */
static void watch_slice(struct uk_thread_sim *s)
{
	uint64_t ns = UINT64_MAX;

	if (s->running && s->ops->preemptive)
		ns = s->ops->slice(s->queue, &s->running->entity);
	if (ns == UINT64_MAX)
		s->slice_end = UINT64_MAX;
	else if (s->ops->timed || ns == 0 || s->slice_end == UINT64_MAX)
		s->slice_end = s->now + ns;
}

static uint64_t next_wake(const struct uk_thread_sim *s)
{
	uint64_t first = UINT64_MAX;

	for (unsigned i = 0; i < s->count; i++)
		if (s->tasks[i].sleeps)
			first = UK_MIN(first, s->tasks[i].wake_at);
	return first;
}

static void pass(struct uk_thread_sim *s, uint64_t ns)
{
	struct uk_thread_sim_task *t = s->running;

	s->now += ns;
	if (!t)
		return;
	t->got += ns;
	if (t->done)
		t->left -= ns;
	if (s->ops->ran && s->ops->timed)
		s->ops->ran(s->queue, &t->entity, ns);
}

static void wake(struct uk_thread_sim *s, struct uk_thread_sim_task *t)
{
	t->sleeps = false;
	add(s, t, t->periods++ ? UK_SCHED_WAKE : UK_SCHED_NEW);
	if (s->running && s->ops->preemptive && s->ops->before(s->queue, &t->entity, &s->running->entity))
		stop(s, UK_SCHED_PREEMPT);
}

static void pick(struct uk_thread_sim *s)
{
	struct uk_sched_entity *e = s->ops->pick(s->queue, policy_time(s));

	if (!e)
		return;
	s->running = uk_container_of(e, struct uk_thread_sim_task, entity);
	s->running->waited = UK_MAX(s->running->waited, s->now - s->running->since);
	s->switches++;
	s->slice_end = UINT64_MAX;
}

/* What happens at this moment to the running task. */
static void look_at_running(struct uk_thread_sim *s)
{
	struct uk_thread_sim_task *t = s->running;

	if (!t)
		return;
	if (t->done && t->left == 0) {
		t->done(s, t);
		return;
	}
	if (s->ops->timed)
		watch_slice(s);
	if (s->slice_end <= s->now)
		stop(s, UK_SCHED_PREEMPT);
}

void uk_thread_sim_run(struct uk_thread_sim *s, uint64_t until)
{
	unsigned idle_rounds = 0;

	while (s->now < until) {
		uint64_t next = UK_MIN(until, next_wake(s));

		watch_slice(s);
		next = UK_MIN(next, s->slice_end);
		if (s->running && s->running->done)
			next = UK_MIN(next, s->now + s->running->left);
		idle_rounds = next > s->now ? 0 : idle_rounds + 1;
		UK_REQUIRE(idle_rounds < 10 * UK_THREAD_SIM_TASKS); /* else the policy goes round and round */
		pass(s, next > s->now ? next - s->now : 0);
		look_at_running(s);
		for (unsigned i = 0; i < s->count; i++)
			if (s->tasks[i].sleeps && s->tasks[i].wake_at <= s->now)
				wake(s, &s->tasks[i]);
		if (!s->running)
			pick(s);
	}
}
