/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Fair shares by virtual time, after start-time fair queueing (Goyal, Vin, Cheng 1996). A thread's virtual time is the
 * time it has run divided by its weight, 1.25 to the power of its priority; the one with the smallest runs.
 *
 * A queue has a virtual time too: the smallest of those on its CPU, and it never goes back. It is where others join:
 *  - a thread that wakes keeps its own if that is larger, so what it ran too much is not forgotten; otherwise it is put
 *    a little (BONUS) behind the queue's, so it soon runs, but a long sleep is worth no more than that;
 *  - a new one is put a slice ahead of the queue's, so that a thread does not get more by having many children;
 *  - one that comes from another CPU keeps its distance to the queue's.
 * So with slice s, two threads of weights a and b that are ready during a whole interval get times A and B of it
 * with |A / a - B / b| <= 2 (s / a + s / b).
 *
 * Virtual times are in sixteenths of a nanosecond of a thread of weight 1: 64 bits last for 36 years. */

#include <sched/fair/config.h>

#include <uk/fair.h>

#define SLICE_NS ((uint64_t)CONFIG_SCHED_FAIR_SLICE * 1000)
#define BONUS_NS (SLICE_NS / 2)   /* what waking threads are put behind */
#define ADVANCE_NS (SLICE_NS / 4) /* what one must be behind the running one to interrupt it */
#define LEAST_NS 1000             /* what is left of a slice is dropped if it is less */

#define COST_BITS 31               /* cost of weight 1: 2^31 */
#define COST_SHIFT (COST_BITS - 4) /* from ns times cost to virtual time */
#define BEGIN ((uint64_t)1 << 48)  /* so that what is put behind does not get below zero */
#define FAR ((uint64_t)1 << 36)    /* differences beyond that need not be known exactly */

struct queue {
	struct uk_pqueue ready; /* by virtual time */
	uint64_t vtime;         /* read by other CPUs without the lock */
	struct uk_list home;    /* an entity whose link.next points here has its virtual time from this queue */
	uint32_t cost[UK_SCHED_PRIORITIES]; /* 2^31 divided by the weight */
};

static struct uk_sched_entity *entity_of(struct uk_pqueue_node *node)
{
	return uk_pqueue_entry(node, struct uk_sched_entity, node);
}

/* Virtual time of ns that e runs. */
static uint64_t virtual_of(const struct queue *q, const struct uk_sched_entity *e, uint64_t ns)
{
	return (uint64_t)((unsigned __int128)ns * q->cost[e->params.priority] >> COST_SHIFT);
}

/* The reverse, of at most FAR. */
static uint64_t real_of(const struct queue *q, const struct uk_sched_entity *e, uint64_t vtime)
{
	return (vtime << COST_SHIFT) / q->cost[e->params.priority];
}

static int64_t difference(uint64_t a, uint64_t b)
{
	return (int64_t)(a - b);
}

static void fair_init(void *queue)
{
	struct queue *q = queue;
	uint64_t cost = (uint64_t)1 << (COST_BITS + 29);

	for (unsigned i = 0; i < UK_SCHED_PRIORITIES; i++) {
		q->cost[i] = (uint32_t)(cost >> 29);
		cost = cost / 5 * 4;
	}
	q->vtime = BEGIN;
	uk_list_init(&q->home);
}

static void advance(struct queue *q, uint64_t vtime)
{
	if (difference(vtime, q->vtime) > 0)
		__atomic_store_n(&q->vtime, vtime, __ATOMIC_RELAXED);
}

static uint64_t vtime_of_home(struct uk_list *home)
{
	const struct queue *q = uk_container_of(home, const struct queue, home);

	return __atomic_load_n(&q->vtime, __ATOMIC_RELAXED);
}

/* Bring e's virtual time from its last queue's to this one's, and limit what it can be behind. */
static void settle(struct queue *q, struct uk_sched_entity *e)
{
	const uint64_t least = q->vtime - virtual_of(q, e, BONUS_NS);

	if (!e->link.next)
		e->vtime = q->vtime + virtual_of(q, e, SLICE_NS);
	else if (e->link.next != &q->home)
		e->vtime += q->vtime - vtime_of_home(e->link.next);
	e->link.next = &q->home;
	if (difference(e->vtime, least) < 0)
		e->vtime = least;
}

static void fair_add(void *queue, struct uk_sched_entity *e, enum uk_sched_why why, uint64_t now UK_UNUSED)
{
	struct queue *q = queue;
	const struct uk_pqueue_node *first = uk_pqueue_first(&q->ready);

	settle(q, e);
	if (why == UK_SCHED_YIELD && first && difference(first->key, e->vtime) > 0)
		e->vtime = first->key;
	uk_pqueue_add(&q->ready, &e->node, e->vtime);
}

static struct uk_sched_entity *fair_pick(void *queue, uint64_t now UK_UNUSED)
{
	struct queue *q = queue;
	struct uk_pqueue_node *first = uk_pqueue_pop(&q->ready);

	if (!first)
		return NULL;
	advance(q, first->key);
	return entity_of(first);
}

static void fair_remove(void *queue, struct uk_sched_entity *e)
{
	struct queue *q = queue;

	uk_pqueue_remove(&q->ready, &e->node);
}

static struct uk_sched_entity *fair_steal(void *queue, bool (*may)(struct uk_sched_entity *e, void *arg), void *arg)
{
	struct queue *q = queue;

	for (struct uk_pqueue_node *n = uk_pqueue_first(&q->ready); n; n = uk_pqueue_next(n)) {
		if (may(entity_of(n), arg)) {
			uk_pqueue_remove(&q->ready, n);
			return entity_of(n);
		}
	}
	return NULL;
}

static bool fair_before(const void *queue, const struct uk_sched_entity *e, const struct uk_sched_entity *running)
{
	return difference(running->vtime, e->vtime) > (int64_t)virtual_of(queue, e, ADVANCE_NS);
}

/* Until it is a slice ahead of the first of the others. */
static uint64_t fair_slice(const void *queue, const struct uk_sched_entity *running)
{
	const struct queue *q = queue;
	const struct uk_pqueue_node *first = uk_pqueue_first(&q->ready);
	uint64_t ahead, left = SLICE_NS;

	if (!first)
		return UINT64_MAX;
	if (difference(first->key, running->vtime) >= 0)
		return left + real_of(q, running, UK_MIN(first->key - running->vtime, FAR));
	ahead = real_of(q, running, UK_MIN(running->vtime - first->key, FAR));
	return ahead + LEAST_NS > left ? 0 : left - ahead;
}

/* The fraction of its virtual time is in `budget`: a thread of large weight may run too little at a time for one unit.
 */
static void fair_ran(void *queue, struct uk_sched_entity *running, uint64_t ns)
{
	struct queue *q = queue;
	const struct uk_pqueue_node *first = uk_pqueue_first(&q->ready);
	unsigned __int128 more;

	if (running->link.next != &q->home) /* the boot thread was never put into a queue */
		settle(q, running);
	more = (unsigned __int128)ns * q->cost[running->params.priority] + (uint64_t)running->budget;
	running->budget = (int64_t)(more & (((uint64_t)1 << COST_SHIFT) - 1));
	running->vtime += (uint64_t)(more >> COST_SHIFT);
	if (first && difference(first->key, running->vtime) < 0)
		advance(q, first->key);
	else
		advance(q, running->vtime);
}

const struct uk_sched_ops uk_fair_ops = {
    .name = "fair",
    .preemptive = true,
    .timed = true,
    .queue_size = sizeof(struct queue),
    .init = fair_init,
    .add = fair_add,
    .pick = fair_pick,
    .remove = fair_remove,
    .steal = fair_steal,
    .before = fair_before,
    .slice = fair_slice,
    .ran = fair_ran,
};

UK_SCHED_PROVIDER(uk_fair_ops, UK_ENABLED(SCHED_FAIR_DEFAULT));
