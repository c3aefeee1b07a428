/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Queues of pending signals. */
#include <limits.h>

#include "internal.h"

struct uk_lock uk_signal_lock = UK_LOCK_INIT;
struct uk_signal_queue uk_signal_process;

static struct uk_signal_entry store[SIGQUEUE_MAX], *spare;
static unsigned used; /* of store, ever */

struct uk_signal_entry *uk_signal_entry_new(void)
{
	struct uk_signal_entry *e = spare;

	if (e)
		spare = e->next;
	else if (used < UK_ARRAY_SIZE(store))
		e = &store[used++];
	return e;
}

void uk_signal_entry_free(struct uk_signal_entry *e)
{
	if (e < store || e >= store + UK_ARRAY_SIZE(store))
		return;
	e->next = spare;
	spare = e;
}

void uk_signal_queue_add(struct uk_signal_queue *q, struct uk_signal_entry *e)
{
	struct uk_signal_entry **last = &q->first;

	while (*last)
		last = &(*last)->next;
	*last = e;
	e->next = NULL;
	e->queued = true;
	q->bits |= uk_signal_bit(e->number);
}

static bool has(const struct uk_signal_queue *q, int number)
{
	const struct uk_signal_entry *e = q->first;

	while (e && e->number != number)
		e = e->next;
	return e;
}

/* Take out the entry to which *link points. */
static struct uk_signal_entry *unlink_entry(struct uk_signal_queue *q, struct uk_signal_entry **link)
{
	struct uk_signal_entry *e = *link;

	*link = e->next;
	e->queued = false;
	if (!has(q, e->number))
		q->bits &= ~uk_signal_bit(e->number);
	return e;
}

int uk_signal_queue_take(struct uk_signal_queue *q, uint64_t mask, siginfo_t *info, struct uk_signal_entry **taken)
{
	struct uk_signal_entry **link = &q->first, *e;
	int number;

	*taken = NULL;
	if (!(q->bits & mask))
		return 0;
	number = __builtin_ctzl(q->bits & mask) + 1;
	*info = (siginfo_t){.si_signo = number};
	while (*link && (*link)->number != number)
		link = &(*link)->next;
	if (!*link) {
		q->bits &= ~uk_signal_bit(number);
		return number;
	}
	e = unlink_entry(q, link);
	info->si_code = e->code;
	info->si_pid = e->first;
	info->si_uid = (uid_t)e->second;
	info->si_value = e->value;
	if (e->taken)
		*taken = e;
	uk_signal_entry_free(e);
	return number;
}

void uk_signal_queue_drop(struct uk_signal_queue *q, int number)
{
	struct uk_signal_entry **link = &q->first;

	while (*link)
		if ((*link)->number == number)
			uk_signal_entry_free(unlink_entry(q, link));
		else
			link = &(*link)->next;
	q->bits &= ~uk_signal_bit(number);
}

bool uk_signal_queue_remove(struct uk_signal_queue *q, struct uk_signal_entry *e)
{
	struct uk_signal_entry **link = &q->first;

	while (*link && *link != e)
		link = &(*link)->next;
	return *link && unlink_entry(q, link);
}
