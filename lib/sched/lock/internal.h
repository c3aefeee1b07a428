/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Shared by the sources of sched/lock.
 *
 * Locking: a lock's fields are protected by its wait queue's lock, but for the words that the fast paths change by
 * uk_lock_swap(). Where two queues' locks are held: a condition variable's before its mutex's, a mutex's before its
 * heir's, a read-write lock's writers' before its readers', a futex bucket's before a waiter's. The run queues' come
 * after all of them.
 *
 * Whoever was in a queue's uk_wait_block() takes the queue's lock once more after it was woken: that is why destroying
 * takes it too, and waits where many may have been woken. */
#pragma once

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

#include <uk/base.h>
#include <uk/list.h>
#include <uk/lock_word.h>
#include <uk/wait.h>

/* The word that names a lock's holder has its thread pointer, with flags in these bits. A number of readers does not
 * name anybody, being smaller than the address of a thread. */
#define UK_LOCK_HOLDER_FLAGS ((uint64_t)3 << 62 | 7)

/* With SCHED_LOCK_DEBUG: a thread that waits for a lock; on its stack. */
struct uk_lock_wait {
	struct uk_list link;
	const void *lock;
	const uint64_t *holder; /* the word that names it */
	uint64_t deadline, self;
	const struct uk_thread *thread;
};

/* Called with SCHED_LOCK_DEBUG only: the calling thread has locked it at this place in the code, or gives it back; it
 * is about to wait for it, or has waited; it makes a mistake with it. Context: a thread, no queue locked. */
void uk_lock_debug_taken(const void *what, const char *kind, const void *place);
void uk_lock_debug_released(const void *what);
void uk_lock_debug_wait(struct uk_lock_wait *w, const void *what, const uint64_t *holder, uint64_t deadline);
void uk_lock_debug_waited(struct uk_lock_wait *w);
void uk_lock_debug_error(const void *what, const char *text);

/* Queues that are all zero have no list yet. Context: the queue is locked. */
static inline void uk_lock_queue_ready(struct uk_wait_queue *q)
{
	if (!q->waiters.next)
		uk_list_init(&q->waiters);
}

/* Whether a thread sleeps in the queue; never without a scheduler. Context: the queue is locked. */
static inline bool uk_lock_queue_busy(const struct uk_wait_queue *q)
{
	return q->waiters.next && !uk_list_empty(&q->waiters);
}

/* Why a wait should end now: -ETIMEDOUT, -EINTR, or 0 if it should not. Context: a thread. */
static inline int uk_lock_stop(uint64_t deadline, bool interruptible)
{
	const int error = uk_wait_expired(deadline);

	return error || !interruptible ? error : uk_wait_interrupted();
}

/* Wait until nobody is in the middle of an unlock or a wake of the queue's lock. Context: a thread. */
static inline void uk_lock_queue_settle(struct uk_wait_queue *q)
{
	uk_lock_release_irq(&q->lock, uk_lock_acquire_irq(&q->lock));
}
