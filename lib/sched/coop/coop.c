/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Cooperative: one list, in the order in which threads became ready. Nothing interrupts a thread. */

#include <sched/coop/config.h>

#include <uk/coop.h>

struct queue {
	struct uk_list ready;
};

static struct uk_sched_entity *entity_of(struct uk_list *link)
{
	return uk_list_entry(link, struct uk_sched_entity, link);
}

static void coop_init(void *queue)
{
	struct queue *q = queue;

	uk_list_init(&q->ready);
}

static void coop_add(void *queue, struct uk_sched_entity *e, enum uk_sched_why why UK_UNUSED, uint64_t now UK_UNUSED)
{
	struct queue *q = queue;

	uk_list_add_before(&q->ready, &e->link);
}

static struct uk_sched_entity *coop_pick(void *queue, uint64_t now UK_UNUSED)
{
	struct queue *q = queue;
	struct uk_list *first = uk_list_pop(&q->ready);

	return first ? entity_of(first) : NULL;
}

static void coop_remove(void *queue UK_UNUSED, struct uk_sched_entity *e)
{
	uk_list_remove(&e->link);
}

static struct uk_sched_entity *coop_steal(void *queue, bool (*may)(struct uk_sched_entity *e, void *arg), void *arg)
{
	struct queue *q = queue;

	UK_LIST_EACH(&q->ready, link)
	{
		if (may(entity_of(link), arg)) {
			uk_list_remove(link);
			return entity_of(link);
		}
	}
	return NULL;
}

static bool coop_before(const void *queue UK_UNUSED, const struct uk_sched_entity *e UK_UNUSED,
			const struct uk_sched_entity *running UK_UNUSED)
{
	return false;
}

static uint64_t coop_slice(const void *queue UK_UNUSED, const struct uk_sched_entity *running UK_UNUSED)
{
	return UINT64_MAX;
}

const struct uk_sched_ops uk_coop_ops = {
    .name = "coop",
    .queue_size = sizeof(struct queue),
    .init = coop_init,
    .add = coop_add,
    .pick = coop_pick,
    .remove = coop_remove,
    .steal = coop_steal,
    .before = coop_before,
    .slice = coop_slice,
};

UK_SCHED_PROVIDER(uk_coop_ops, UK_ENABLED(SCHED_COOP_DEFAULT));
