/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Earliest deadline first. A reservation is a constant bandwidth server (Abeni, Buttazzo 1998): a budget, its runtime,
 * that may be used up to a deadline. The rules:
 *  - of the reservations with budget the one with the earliest deadline runs;
 *  - whose budget is used up is `spent`: it gets a new budget and the next deadline when the present one has come, and
 *    until then runs only when nobody else wants to;
 *  - one that wakes keeps budget and deadline, unless it could then use more than its share up to the deadline: it
 *    gets a full budget and a deadline from now on.
 * So nobody gets more than its share at the expense of the others, whatever it does.
 *
 * Threads without a reservation, the background, take turns when no reservation with budget is ready. On a CPU that
 * has got more than it can do they would starve, so they share a server too, of what admission leaves free.
 *
 * In an entity, deadline and budget are the server's, and a deadline of 0 means that there is none yet; vtime is the
 * begin of the period whose work is being done, which does not move when the server's deadline does: misses are
 * counted by it. In the background, budget is the rest of the slice. */

#include "internal.h"

#define SLICE_NS ((int64_t)CONFIG_SCHED_EDF_SLICE * 1000)
#define RESERVE_PERIOD 100000000 /* ns, of the background's server */

struct queue {
	struct uk_pqueue ready;         /* reservations with budget, by deadline */
	struct uk_pqueue spent;         /* reservations without, by deadline */
	struct uk_list background;      /* threads without reservation */
	struct uk_sched_entity reserve; /* the server that they share; in no queue */
	bool background_runs;           /* one of them was picked last */
	uint64_t now;                   /* as of the last operation */
};

enum rank {
	READY,
	BACKGROUND,
	SPENT,
};

static struct uk_sched_entity *entity_of(struct uk_pqueue_node *node)
{
	return uk_pqueue_entry(node, struct uk_sched_entity, node);
}

static enum rank rank_of(const struct uk_sched_entity *e)
{
	if (!e->params.period)
		return BACKGROUND;
	return e->budget > 0 ? READY : SPENT;
}

static void edf_init(void *queue)
{
	struct queue *q = queue;

	uk_list_init(&q->background);
	q->reserve.params.period = RESERVE_PERIOD;
	q->reserve.params.runtime = RESERVE_PERIOD / 100 * (100 - CONFIG_SCHED_EDF_LIMIT);
}

static void begin(struct uk_sched_entity *e, uint64_t when)
{
	e->deadline = when + relative_deadline(&e->params);
	e->budget = (int64_t)e->params.runtime;
}

/* It has something to do again. */
static void wake(struct uk_sched_entity *e, uint64_t now)
{
	/* The begin of its period, if it has waited for that: its timer may be late, which is not to its disadvantage.
	 */
	const bool waited = e->deadline && e->deadline <= e->vtime && e->vtime <= now;
	const uint64_t from = waited ? e->vtime : now;

	if (e->deadline <= from || (e->budget > 0 && (unsigned __int128)e->budget * relative_deadline(&e->params) >
							 (unsigned __int128)(e->deadline - from) * e->params.runtime))
		begin(e, from);
}

/* A new budget for one that is spent and whose deadline has come. What it overran is taken off. */
static void replenish(struct uk_sched_entity *e, uint64_t now)
{
	while (e->budget <= 0 && e->deadline <= now) {
		e->deadline += relative_deadline(&e->params);
		e->budget += (int64_t)e->params.runtime;
	}
	if (e->deadline <= now)
		begin(e, now);
}

static void replenish_if_due(struct uk_sched_entity *e, uint64_t now)
{
	if (e->budget <= 0 && e->deadline <= now)
		replenish(e, now);
}

/* A server that is as it can be under its parameters: they may have been changed since. */
static bool is_valid(const struct uk_sched_entity *e, uint64_t now)
{
	return e->deadline && e->deadline <= now + relative_deadline(&e->params) &&
	       e->budget <= (int64_t)e->params.runtime;
}

static void add_background(struct queue *q, struct uk_sched_entity *e, enum uk_sched_why why)
{
	const bool goes_on = why == UK_SCHED_PREEMPT && e->budget > 0 && e->budget <= SLICE_NS;

	if (uk_list_empty(&q->background) && !q->background_runs)
		wake(&q->reserve, q->now);
	e->deadline = 0;
	if (goes_on) {
		uk_list_add_after(&q->background, &e->link);
		return;
	}
	e->budget = SLICE_NS;
	uk_list_add_before(&q->background, &e->link);
}

/* While the background has the CPU because no reservation is ready, its server is not used. When that ends, it begins
 * to compete, and the rule for who wakes applies to it. */
static void add_reservation(struct queue *q, struct uk_sched_entity *e)
{
	if (e->budget > 0 && q->background_runs && !uk_pqueue_first(&q->ready))
		wake(&q->reserve, q->now);
	uk_pqueue_add(e->budget > 0 ? &q->ready : &q->spent, &e->node, e->deadline);
}

static void edf_add(void *queue, struct uk_sched_entity *e, enum uk_sched_why why, uint64_t now)
{
	struct queue *q = queue;

	q->now = now;
	if (rank_of(e) == BACKGROUND) {
		add_background(q, e, why);
		return;
	}
	if (!is_valid(e, now)) {
		e->vtime = now;
		begin(e, now);
	} else if (why == UK_SCHED_WAKE) {
		wake(e, now);
	}
	replenish_if_due(e, now);
	add_reservation(q, e);
}

static void edf_remove(void *queue, struct uk_sched_entity *e)
{
	struct queue *q = queue;
	const enum rank rank = rank_of(e);

	if (rank == BACKGROUND)
		uk_list_remove(&e->link);
	else
		uk_pqueue_remove(rank == READY ? &q->ready : &q->spent, &e->node);
}

/* Whether the background's server comes before a reservation with this deadline. */
static bool reserve_before(const struct queue *q, uint64_t deadline)
{
	return q->reserve.budget > 0 && q->reserve.deadline < deadline;
}

/* New budgets for all whose time has come. */
static void replenish_all(struct queue *q)
{
	struct uk_pqueue_node *first;

	replenish_if_due(&q->reserve, q->now);
	while ((first = uk_pqueue_first(&q->spent)) && first->key <= q->now) {
		uk_pqueue_pop(&q->spent);
		replenish(entity_of(first), q->now);
		add_reservation(q, entity_of(first));
	}
}

static struct uk_sched_entity *edf_pick(void *queue, uint64_t now)
{
	struct queue *q = queue;
	struct uk_pqueue_node *first;
	bool background = !uk_list_empty(&q->background);

	q->now = now;
	replenish_all(q);
	first = uk_pqueue_first(&q->ready);
	background = background && (!first || reserve_before(q, first->key));
	q->background_runs = background;
	if (background)
		return uk_list_entry(uk_list_pop(&q->background), struct uk_sched_entity, link);
	first = uk_pqueue_pop(first ? &q->ready : &q->spent);
	return first ? entity_of(first) : NULL;
}

typedef bool may_fn(struct uk_sched_entity *e, void *arg);

static struct uk_sched_entity *steal_from(struct uk_pqueue *from, may_fn *may, void *arg)
{
	for (struct uk_pqueue_node *n = uk_pqueue_first(from); n; n = uk_pqueue_next(n)) {
		if (may(entity_of(n), arg)) {
			uk_pqueue_remove(from, n);
			return entity_of(n);
		}
	}
	return NULL;
}

static struct uk_sched_entity *steal_background(struct queue *q, may_fn *may, void *arg)
{
	UK_LIST_EACH(&q->background, link)
	{
		struct uk_sched_entity *e = uk_list_entry(link, struct uk_sched_entity, link);

		if (may(e, arg)) {
			uk_list_remove(link);
			return e;
		}
	}
	return NULL;
}

static struct uk_sched_entity *edf_steal(void *queue, may_fn *may, void *arg)
{
	struct queue *q = queue;
	struct uk_sched_entity *e = steal_from(&q->ready, may, arg);

	if (!e)
		e = steal_background(q, may, arg);
	return e ? e : steal_from(&q->spent, may, arg);
}

static bool edf_before(const void *queue, const struct uk_sched_entity *e, const struct uk_sched_entity *running)
{
	const struct queue *q = queue;
	const enum rank mine = rank_of(e), its = rank_of(running);

	if (mine == READY && its == READY)
		return e->deadline < running->deadline;
	if (mine == BACKGROUND && its == READY)
		return reserve_before(q, running->deadline);
	if (mine == READY && its == BACKGROUND)
		return !reserve_before(q, e->deadline);
	return mine < its;
}

static uint64_t until(const struct queue *q, uint64_t when)
{
	return when > q->now ? when - q->now : 0;
}

static uint64_t left_of(int64_t budget)
{
	return budget > 0 ? (uint64_t)budget : 0;
}

/* The end of what the running one has, if somebody waits; but no later than somebody gets a new budget. */
static uint64_t edf_slice(const void *queue, const struct uk_sched_entity *running)
{
	const struct queue *q = queue;
	const struct uk_pqueue_node *ready = uk_pqueue_first(&q->ready), *spent = uk_pqueue_first(&q->spent);
	const bool background = !uk_list_empty(&q->background);
	const enum rank rank = rank_of(running);
	uint64_t ns = spent ? until(q, spent->key) : UINT64_MAX;

	if (rank == SPENT)
		return ready || background ? 0 : ns;
	if (rank == BACKGROUND) {
		if (ready)
			ns = UK_MIN(ns, reserve_before(q, ready->key) ? left_of(q->reserve.budget) : 0);
		return background ? UK_MIN(ns, left_of(running->budget)) : ns;
	}
	if ((ready && ready->key < running->deadline) || (background && reserve_before(q, running->deadline)))
		return 0;
	if (background && q->reserve.budget <= 0)
		ns = UK_MIN(ns, until(q, q->reserve.deadline));
	return ready || spent || background ? UK_MIN(ns, left_of(running->budget)) : ns;
}

static bool is_alone(const struct queue *q)
{
	return !uk_pqueue_first(&q->ready) && !uk_pqueue_first(&q->spent) && uk_list_empty(&q->background);
}

/* Take ns off its budget. What nobody else wanted is free, and no debt is more than a runtime. */
static void spend(struct uk_sched_entity *e, uint64_t ns, bool wanted)
{
	const int64_t least = wanted ? -(int64_t)e->params.runtime : 0;

	if (e->budget <= 0)
		return;
	if (ns < (uint64_t)(e->budget - least))
		e->budget -= (int64_t)ns;
	else
		e->budget = least;
}

static void edf_ran(void *queue, struct uk_sched_entity *running, uint64_t ns)
{
	struct queue *q = queue;

	q->now += ns;
	if (running->params.period) {
		spend(running, ns, !is_alone(q));
		replenish_if_due(running, q->now);
		return;
	}
	running->budget = ns < left_of(running->budget) ? running->budget - (int64_t)ns : 0;
	if (uk_pqueue_first(&q->ready))
		spend(&q->reserve, ns, true);
	replenish_if_due(&q->reserve, q->now);
}

static uint64_t edf_next_period(void *queue, struct uk_sched_entity *running, uint64_t now)
{
	struct queue *q = queue;
	const uint64_t period = running->params.period;
	uint64_t due, over = 0;

	if (!period)
		return 0;
	q->now = now;
	if (!is_valid(running, now)) {
		running->vtime = now;
		begin(running, now);
	}
	due = running->vtime + relative_deadline(&running->params);
	if (now > due) /* every period whose deadline has passed */
		over = (now - due - 1) / period + 1;
	running->misses += over;
	running->vtime += UK_MAX(over, (uint64_t)1) * period;
	return running->vtime;
}

const struct uk_sched_ops uk_edf_ops = {
    .name = "edf",
    .preemptive = true,
    .timed = true,
    .queue_size = sizeof(struct queue),
    .init = edf_init,
    .admit = uk_edf_admit,
    .leave = uk_edf_leave,
    .add = edf_add,
    .pick = edf_pick,
    .remove = edf_remove,
    .steal = edf_steal,
    .before = edf_before,
    .slice = edf_slice,
    .ran = edf_ran,
    .next_period = edf_next_period,
};

UK_SCHED_PROVIDER(uk_edf_ops, UK_ENABLED(SCHED_EDF_DEFAULT));
