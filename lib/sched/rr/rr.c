/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Preemptive round robin with priorities, after SCHED_FIFO and SCHED_RR of POSIX.1-2017, XSH 2.8.4: a list for each
 * priority and a bit for each list that is not empty.
 *
 * It is not told the time, which keeps switches quick. Why a thread was interrupted shows in the queue: a more urgent
 * one is there, and then it goes on where it stopped, at the head of its list; or its slice is over. So that a thread
 * which is interrupted again and again before the end of its slice does not keep its equals waiting for ever, that
 * counts as the end of a slice now and then: `budget` counts the interruptions. */

#include <sched/rr/config.h>

#include <uk/rr.h>

#define SLICE_NS ((uint64_t)CONFIG_SCHED_RR_SLICE * 1000)
#define INTERRUPTIONS 16 /* in a slice, at most */

struct queue {
	uint64_t ready; /* bit n: lists[n] is not empty */
	struct uk_list lists[UK_SCHED_PRIORITIES];
};

_Static_assert(UK_SCHED_PRIORITIES == 64, "a bit of `ready` for each priority");

static struct uk_sched_entity *entity_of(struct uk_list *link)
{
	return uk_list_entry(link, struct uk_sched_entity, link);
}

/* The largest priority in a set that is not empty. */
static unsigned top_of(uint64_t ready)
{
	return 63u ^ (unsigned)__builtin_clzll(ready);
}

/* The lists of more urgent priorities, of those in the set. */
static uint64_t above(uint64_t ready, unsigned priority)
{
	return ready >> priority >> 1;
}

static void rr_init(void *queue)
{
	struct queue *q = queue;

	for (unsigned i = 0; i < UK_SCHED_PRIORITIES; i++)
		uk_list_init(&q->lists[i]);
}

/* Whether it goes on later where it stopped now. */
static bool keeps_its_turn(const struct queue *q, struct uk_sched_entity *e, enum uk_sched_why why)
{
	if (why != UK_SCHED_PREEMPT || !above(q->ready, e->params.priority)) {
		e->budget = 0;
		return e->params.fifo && why == UK_SCHED_PREEMPT;
	}
	if (e->params.fifo || ++e->budget < INTERRUPTIONS)
		return true;
	e->budget = 0;
	return false;
}

static void rr_add(void *queue, struct uk_sched_entity *e, enum uk_sched_why why, uint64_t now UK_UNUSED)
{
	struct queue *q = queue;
	struct uk_list *list = &q->lists[e->params.priority];

	if (uk_unlikely(keeps_its_turn(q, e, why)))
		uk_list_add_after(list, &e->link);
	else
		uk_list_add_before(list, &e->link);
	q->ready |= (uint64_t)1 << e->params.priority;
}

static void rr_remove(void *queue, struct uk_sched_entity *e)
{
	struct queue *q = queue;
	const unsigned priority = e->params.priority;

	uk_list_remove(&e->link);
	if (uk_list_empty(&q->lists[priority]))
		q->ready &= ~((uint64_t)1 << priority);
}

static struct uk_sched_entity *rr_pick(void *queue, uint64_t now UK_UNUSED)
{
	struct queue *q = queue;
	struct uk_sched_entity *e;

	if (!q->ready)
		return NULL;
	e = entity_of(q->lists[top_of(q->ready)].next);
	rr_remove(q, e);
	return e;
}

static struct uk_sched_entity *rr_steal(void *queue, bool (*may)(struct uk_sched_entity *e, void *arg), void *arg)
{
	struct queue *q = queue;

	for (uint64_t left = q->ready; left; left &= ~((uint64_t)1 << top_of(left))) {
		UK_LIST_EACH(&q->lists[top_of(left)], link)
		{
			if (may(entity_of(link), arg)) {
				rr_remove(q, entity_of(link));
				return entity_of(link);
			}
		}
	}
	return NULL;
}

static bool rr_before(const void *queue UK_UNUSED, const struct uk_sched_entity *e,
		      const struct uk_sched_entity *running)
{
	return e->params.priority > running->params.priority;
}

static uint64_t rr_slice(const void *queue, const struct uk_sched_entity *running)
{
	const struct queue *q = queue;
	const unsigned priority = running->params.priority;

	if (uk_unlikely(above(q->ready, priority)))
		return 0;
	return running->params.fifo || !(q->ready >> priority & 1) ? UINT64_MAX : SLICE_NS;
}

const struct uk_sched_ops uk_rr_ops = {
    .name = "rr",
    .preemptive = true,
    .queue_size = sizeof(struct queue),
    .init = rr_init,
    .add = rr_add,
    .pick = rr_pick,
    .remove = rr_remove,
    .steal = rr_steal,
    .before = rr_before,
    .slice = rr_slice,
};

UK_SCHED_PROVIDER(uk_rr_ops, UK_ENABLED(SCHED_RR_DEFAULT));
