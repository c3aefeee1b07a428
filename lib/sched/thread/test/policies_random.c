/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Every policy of the image under random operations on several CPUs' queues, beside a model that knows where each
 * entity is and, for the policies of this tree, which one must come next. */

#include "policies.h"

#include <string.h>

#include <uk/base.h>
#include <uk/param.h>
#include <uk/print.h>
#include <uk/test.h>

UK_SET_DECLARE(sched, struct uk_sched_provider);

static unsigned steps = 60000;
UK_PARAM_UINT("sched.test.steps", steps, "random operations on each policy in its test");

#define CPUS 3
#define ENTITIES 24

enum place {
	OUT,
	QUEUED,
	RUNNING,
};

struct slot {
	struct uk_sched_entity e;
	enum place place;
	unsigned cpu;
	int64_t order; /* in its list, or of arrival */
	unsigned interruptions;
	bool known;
};

struct world {
	const struct uk_sched_ops *ops;
	uint64_t now, charged[CPUS];
	struct slot slots[ENTITIES];
	struct slot *running[CPUS];
	unsigned queued[CPUS];
	int64_t first, last; /* orders given so far at heads and at ends of lists */
	uint32_t random;
	uint64_t allowed; /* what may() allows */
	const char *fault;
	_Alignas(64) char queues[CPUS][UK_THREAD_SIM_QUEUE];
};

static uint32_t below(struct world *w, uint32_t n)
{
	return uk_thread_sim_random(&w->random, n);
}

static void expect(struct world *w, bool ok, const char *what)
{
	if (!ok && !w->fault)
		w->fault = what;
}

static bool is(const struct world *w, const char *policy)
{
	return !strcmp(w->ops->name, policy);
}

static uint64_t time_of(const struct world *w)
{
	return w->ops->timed ? w->now : 0;
}

/* How it should be in what order ---------------------------------------------------------------- */

static bool more_urgent_waits(const struct world *w, const struct slot *s)
{
	for (unsigned i = 0; i < ENTITIES; i++)
		if (w->slots[i].place == QUEUED && w->slots[i].cpu == s->cpu &&
		    w->slots[i].e.params.priority > s->e.params.priority)
			return true;
	return false;
}

/* Whether rr puts it at the head of its list. */
static bool rr_head(const struct world *w, struct slot *s, enum uk_sched_why why)
{
	if (why != UK_SCHED_PREEMPT) {
		s->interruptions = 0;
		return false;
	}
	if (s->e.params.fifo || (more_urgent_waits(w, s) && ++s->interruptions < 16))
		return true;
	s->interruptions = 0;
	return false;
}

static bool fair_earlier(const struct slot *a, const struct slot *b)
{
	return a->e.vtime < b->e.vtime || (a->e.vtime == b->e.vtime && a->order < b->order);
}

static bool rr_earlier(const struct slot *a, const struct slot *b)
{
	if (a->e.params.priority != b->e.params.priority)
		return a->e.params.priority > b->e.params.priority;
	return a->order < b->order;
}

/* Of reservations with budget only; what the background's server may change is tried in policies_deadline.c. */
static bool edf_earlier(const struct slot *a, const struct slot *b)
{
	const bool ready = a->e.params.period && a->e.budget > 0;

	if (!ready || !b->e.params.period)
		return false;
	return b->e.budget <= 0 || a->e.deadline < b->e.deadline;
}

static bool earlier(const struct world *w, const struct slot *a, const struct slot *b)
{
	if (is(w, "coop"))
		return a->order < b->order;
	if (is(w, "rr"))
		return rr_earlier(a, b);
	if (is(w, "fair"))
		return fair_earlier(a, b);
	return is(w, "edf") && edf_earlier(a, b);
}

static void check_is_first(struct world *w, const struct slot *s)
{
	for (unsigned i = 0; i < ENTITIES; i++) {
		const struct slot *other = &w->slots[i];

		if (other != s && other->place == QUEUED && other->cpu == s->cpu)
			expect(w, !earlier(w, other, s), "another one should have been picked");
	}
}

/* The operations -------------------------------------------------------------------------------- */

static void charge(struct world *w, unsigned cpu)
{
	if (w->running[cpu] && w->ops->timed && w->ops->ran)
		w->ops->ran(w->queues[cpu], &w->running[cpu]->e, w->now - w->charged[cpu]);
	w->charged[cpu] = w->now;
}

static void add(struct world *w, struct slot *s, unsigned cpu, enum uk_sched_why why)
{
	charge(w, cpu);
	s->cpu = cpu;
	s->order = is(w, "rr") && rr_head(w, s, why) ? --w->first : ++w->last;
	w->ops->add(w->queues[cpu], &s->e, why, time_of(w));
	s->place = QUEUED;
	s->known = true;
	w->queued[cpu]++;
}

static void pick(struct world *w, unsigned cpu)
{
	struct uk_sched_entity *e = w->ops->pick(w->queues[cpu], time_of(w));
	struct slot *s = e ? uk_container_of(e, struct slot, e) : NULL;

	w->running[cpu] = s;
	w->charged[cpu] = w->now;
	expect(w, (s == NULL) == (w->queued[cpu] == 0),
	       s ? "an empty queue gave one" : "none though the queue has some");
	if (!s)
		return;
	expect(w, s->place == QUEUED && s->cpu == cpu, "picked one that is not in this queue");
	check_is_first(w, s);
	s->place = RUNNING;
	w->queued[cpu]--;
}

/* Stop what runs there, put it back or not, and go on with the next. */
static void reschedule(struct world *w, unsigned cpu, bool put_back, enum uk_sched_why why)
{
	struct slot *s = w->running[cpu];

	charge(w, cpu);
	w->running[cpu] = NULL;
	if (s && put_back)
		add(w, s, cpu, why);
	else if (s)
		s->place = OUT;
	pick(w, cpu);
}

static void added(struct world *w, const struct slot *s)
{
	const struct slot *running = w->running[s->cpu];

	if (!running)
		pick(w, s->cpu);
	else if (w->ops->preemptive && w->ops->before(w->queues[s->cpu], &s->e, &running->e))
		reschedule(w, s->cpu, true, UK_SCHED_PREEMPT);
	else if (w->ops->preemptive && w->ops->slice(w->queues[s->cpu], &running->e) == 0 && below(w, 2))
		reschedule(w, s->cpu, true, UK_SCHED_PREEMPT);
}

static void random_params(struct world *w, struct uk_sched_params *p)
{
	memset(p, 0, sizeof(*p));
	p->priority = below(w, 4) ? below(w, 4) : below(w, UK_SCHED_PRIORITIES);
	p->fifo = below(w, 8) == 0;
	if (below(w, 2))
		return;
	p->runtime = 100000 + below(w, 5000000);
	p->period = p->runtime + below(w, 20000000);
	p->deadline = below(w, 2) ? p->runtime + below(w, (uint32_t)(p->period - p->runtime) + 1) : 0;
}

static void wake_or_move(struct world *w, struct slot *s, unsigned cpu)
{
	if (s->place == OUT) {
		if (!s->known)
			random_params(w, &s->e.params);
		add(w, s, cpu, s->known ? UK_SCHED_WAKE : UK_SCHED_NEW);
		added(w, s);
	} else if (s->place == QUEUED) {
		charge(w, s->cpu);
		w->ops->remove(w->queues[s->cpu], &s->e);
		w->queued[s->cpu]--;
		s->place = OUT;
		if (below(w, 2))
			random_params(w, &s->e.params);
		if (below(w, 4) == 0)
			return;
		add(w, s, cpu, cpu == s->cpu ? UK_SCHED_YIELD : UK_SCHED_MOVED);
		added(w, s);
	}
}

static bool may(struct uk_sched_entity *e, void *arg)
{
	const struct world *w = arg;

	return w->allowed >> (uk_container_of(e, struct slot, e) - w->slots) & 1;
}

static void steal(struct world *w, unsigned from, unsigned to)
{
	struct uk_sched_entity *e;
	struct slot *s;
	bool any = false;

	w->allowed = (uint64_t)below(w, 1 << ENTITIES) & (uint64_t)below(w, 1 << ENTITIES);
	for (unsigned i = 0; i < ENTITIES; i++)
		any |= w->slots[i].place == QUEUED && w->slots[i].cpu == from && (w->allowed >> i & 1);
	charge(w, from);
	e = w->ops->steal(w->queues[from], may, w);
	expect(w, any == (e != NULL), e ? "stole one that may not be" : "stole none though one may be");
	if (!e)
		return;
	s = uk_container_of(e, struct slot, e);
	expect(w, s->place == QUEUED && s->cpu == from && may(e, w), "stole one that may not be");
	w->queued[from]--;
	add(w, s, to, UK_SCHED_MOVED);
	added(w, s);
}

static void end_period(struct world *w, unsigned cpu)
{
	struct slot *s = w->running[cpu];

	if (!s || !w->ops->next_period)
		return;
	charge(w, cpu);
	if (w->ops->next_period(w->queues[cpu], &s->e, time_of(w)) > w->now)
		reschedule(w, cpu, false, UK_SCHED_WAKE);
}

static void step(struct world *w)
{
	const unsigned cpu = below(w, CPUS), kind = below(w, 16);

	if (kind < 6)
		wake_or_move(w, &w->slots[below(w, ENTITIES)], cpu);
	else if (kind < 8)
		reschedule(w, cpu, true, UK_SCHED_YIELD);
	else if (kind < 10)
		reschedule(w, cpu, true, UK_SCHED_PREEMPT);
	else if (kind < 12)
		reschedule(w, cpu, false, UK_SCHED_WAKE);
	else if (kind == 12)
		end_period(w, cpu);
	else if (kind == 13)
		steal(w, cpu, (cpu + 1 + below(w, CPUS - 1)) % CPUS);
	else
		w->now += below(w, 4) ? below(w, 200000) : below(w, 20000000);
}

/* All that should be there come out, each once. */
static void drain(struct world *w)
{
	for (unsigned cpu = 0; cpu < CPUS; cpu++)
		while ((w->running[cpu] || w->queued[cpu]) && !w->fault)
			reschedule(w, cpu, false, UK_SCHED_WAKE);
	for (unsigned i = 0; i < ENTITIES; i++)
		expect(w, w->slots[i].place == OUT, "one was lost");
}

static void exercise(const struct uk_sched_ops *ops, uint32_t seed, unsigned count)
{
	static struct world w;
	char text[128] = "";
	unsigned i;

	memset(&w, 0, sizeof(w));
	w.ops = ops;
	w.random = seed;
	w.now = 1000;
	UK_REQUIRE(ops->queue_size <= UK_THREAD_SIM_QUEUE);
	for (i = 0; i < CPUS; i++)
		ops->init(w.queues[i]);
	for (i = 0; i < count && !w.fault; i++)
		step(&w);
	if (!w.fault)
		drain(&w);
	if (w.fault)
		uk_snprintf(text, sizeof(text), "%s, seed %u, step %u: %s", ops->name, seed, i, w.fault);
	UK_CHECK_STR(text, "");
}

UK_TEST(policies, as_the_model)
{
	UK_SET_EACH (sched, struct uk_sched_provider, it) {
		uk_printf("# %s\n", it->ops->name);
		for (unsigned i = 0; i < 4; i++)
			exercise(it->ops, uk_thread_sim_seed() + i, steps / 4);
	}
}

static bool any_may(struct uk_sched_entity *e UK_UNUSED, void *arg UK_UNUSED)
{
	return true;
}

UK_TEST(policies, empty_queue)
{
	static struct uk_thread_sim s;
	struct uk_sched_entity running;

	UK_SET_EACH (sched, struct uk_sched_provider, it) {
		uk_thread_sim_init(&s, it->ops, 1);
		running = (struct uk_sched_entity){.params.priority = 3};
		UK_CHECK_PTR(it->ops->pick(s.queue, 5), NULL);
		UK_CHECK_PTR(it->ops->steal(s.queue, any_may, NULL), NULL);
		if (it->ops->ran)
			it->ops->ran(s.queue, &running, 1000000000);
		UK_CHECK_EQ(it->ops->slice(s.queue, &running), UINT64_MAX);
		UK_CHECK_PTR(it->ops->pick(s.queue, 6), NULL);
	}
}
