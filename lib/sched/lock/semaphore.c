/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Semaphores. A post hands its count to the first thread of the queue, and raises the value only if nobody sleeps
 * there. A waiter whose deadline has just passed is counted in the word but is not in the queue: it looks at the value
 * once more before it leaves. */

#include "internal.h"

#include <uk/semaphore.h>

/* Take a count and leave, or leave without one, or come in; the queue is locked. */
static bool take(struct uk_sem *s, uint64_t waiter)
{
	for (;;) {
		const uint64_t word = uk_lock_peek(&s->word);

		if (!(uint32_t)word)
			return false;
		if (uk_lock_swap(&s->word, word, word - 1 - waiter))
			return true;
	}
}

static void add(struct uk_sem *s, uint64_t n)
{
	uint64_t word;

	do
		word = uk_lock_peek(&s->word);
	while (!uk_lock_swap(&s->word, word, word + n));
}

/* Be counted as a waiter unless there is something to take. */
static bool enter(struct uk_sem *s)
{
	for (;;) {
		const uint64_t word = uk_lock_peek(&s->word);

		if ((uint32_t)word && uk_lock_swap(&s->word, word, word - 1))
			return false;
		if (!(uint32_t)word && uk_lock_swap(&s->word, word, word + UK_SEM_WAITER))
			return true;
	}
}

/* The queue is locked and the thread counted as a waiter. */
static int sleep(struct uk_sem *s, uint64_t deadline, bool interruptible)
{
	int error;

	while (!(error = uk_lock_stop(deadline, interruptible))) {
		if (uk_wait_block(&s->queue, deadline))
			return 0; /* the post has counted it out */
		if (take(s, UK_SEM_WAITER))
			return 0;
	}
	add(s, -UK_SEM_WAITER);
	return error;
}

int uk_sem_wait_slow(struct uk_sem *s, uint64_t deadline, bool interruptible)
{
	const unsigned long state = uk_lock_acquire_irq(&s->queue.lock);
	int error = 0;

	uk_lock_queue_ready(&s->queue);
	if (enter(s))
		error = sleep(s, deadline, interruptible);
	uk_lock_release_irq(&s->queue.lock, state);
	return error;
}

/* There are waiters, and the queue is locked. */
static int post(struct uk_sem *s)
{
	if (uk_lock_peek(&s->word) >= UK_SEM_WAITER && uk_wait_wake_one_locked(&s->queue)) {
		add(s, -UK_SEM_WAITER);
		return 0;
	}
	if (uk_sem_value(s) == UK_SEM_MAX)
		return -EOVERFLOW;
	add(s, 1);
	return 0;
}

int uk_sem_post_slow(struct uk_sem *s)
{
	for (;;) {
		const uint64_t word = uk_lock_peek(&s->word);

		if (word == UK_SEM_MAX)
			return -EOVERFLOW;
		if (word > UK_SEM_MAX)
			break;
		if (uk_lock_swap(&s->word, word, word + 1))
			return 0;
	}
	const unsigned long state = uk_lock_acquire_irq(&s->queue.lock);
	const int error = post(s);

	uk_lock_release_irq(&s->queue.lock, state);
	return error;
}

int uk_sem_destroy(struct uk_sem *s)
{
	if (uk_lock_peek(&s->word) >= UK_SEM_WAITER)
		return -EBUSY;
	uk_lock_queue_settle(&s->queue);
	return 0;
}
