/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The one way to wait for something: a condition and a queue that whoever makes it true wakes.
 *
 *	err = uk_wait(&dev->queue, dev->done, deadline);        in the one who waits
 *	dev->done = true; uk_wait_wake(&dev->queue);            in the interrupt handler, or in another thread
 *
 * With a scheduler only the calling thread blocks; without one the CPU halts until an interrupt and the condition
 * is looked at again, so run-to-completion images need no scheduler. The condition is evaluated with interrupts masked
 * and the queue's lock held, any number of times: it must be short and must not wait. */
#pragma once

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

#include <uk/list.h>
#include <uk/lock.h>
#include <uk/plat/time.h>

struct uk_wait_queue {
	struct uk_lock lock;
	struct uk_list waiters; /* the scheduler's; stays empty without one */
};

#define UK_WAIT_QUEUE_INIT(queue)                                                                                      \
	{                                                                                                              \
		UK_LOCK_INIT, UK_LIST_INIT((queue).waiters)                                                            \
	}

#define UK_WAIT_FOREVER UINT64_MAX

/* Wait until cond is true or the clock uk_plat_time_ns() reaches deadline (UK_WAIT_FOREVER for none).
 * 0, or -ETIMEDOUT with cond still false. Context: not in an interrupt handler, no spinlock held. */
#define uk_wait(queue, cond, deadline)                                                                                 \
	__extension__({                                                                                                \
		struct uk_wait_queue *wait_queue_ = (queue);                                                           \
		uint64_t wait_deadline_ = (deadline);                                                                  \
		unsigned long wait_state_ = uk_lock_acquire_irq(&wait_queue_->lock);                                   \
		int wait_error_ = 0;                                                                                   \
		while (!(cond) && !(wait_error_ = uk_wait_expired(wait_deadline_)))                                    \
			uk_wait_block(wait_queue_, wait_deadline_);                                                    \
		uk_lock_release_irq(&wait_queue_->lock, wait_state_);                                                  \
		wait_error_;                                                                                           \
	})

/* Make an empty queue. Context: any. */
static inline void uk_wait_init(struct uk_wait_queue *q)
{
	q->lock.word = 0;
	uk_list_init(&q->waiters);
}

/* -ETIMEDOUT once the deadline has passed, else 0. Context: any. */
static inline int uk_wait_expired(uint64_t deadline)
{
	return deadline != UK_WAIT_FOREVER && uk_plat_time_ns() >= deadline ? -ETIMEDOUT : 0;
}

/* The deadline that is ns from now; UK_WAIT_FOREVER if that is beyond the clock's range. Context: any. */
static inline uint64_t uk_wait_in(uint64_t ns)
{
	const uint64_t now = uk_plat_time_ns();

	return ns < UK_WAIT_FOREVER - now ? now + ns : UK_WAIT_FOREVER;
}

/* uk_wait(), ended too by uk_thread_interrupt() on the waiting thread, which signals and cancellation use: -EINTR then,
 * also if that was before the wait began. Context: as uk_wait(). */
#define uk_wait_interruptible(queue, cond, deadline)                                                                   \
	__extension__({                                                                                                \
		struct uk_wait_queue *wait_queue_ = (queue);                                                           \
		uint64_t wait_deadline_ = (deadline);                                                                  \
		unsigned long wait_state_ = uk_lock_acquire_irq(&wait_queue_->lock);                                   \
		int wait_error_ = 0;                                                                                   \
		while (!(cond) && !(wait_error_ = uk_wait_expired(wait_deadline_)) &&                                  \
		       !(wait_error_ = uk_wait_interrupted()))                                                         \
			uk_wait_block(wait_queue_, wait_deadline_);                                                    \
		uk_lock_release_irq(&wait_queue_->lock, wait_state_);                                                  \
		wait_error_;                                                                                           \
	})

/* Let all that wait on the queue look at their conditions again. The condition must have been made true before; if it
 * is more than one word, under the queue's lock (then use the _locked form). Context: any. */
void uk_wait_wake(struct uk_wait_queue *q);
void uk_wait_wake_locked(struct uk_wait_queue *q);

/* The same for the most urgent one, among equals the one that has waited longest. Whether there was one; always false
 * without a scheduler, where the one who waits looks again by itself. Context: any. */
bool uk_wait_wake_one(struct uk_wait_queue *q);
bool uk_wait_wake_one_locked(struct uk_wait_queue *q);

/* Sleep until a time of uk_plat_time_ns(). Context: not in an interrupt handler. */
void uk_wait_until(uint64_t deadline);

/* What a scheduler replaces (all have weak defaults for images without one), for locks that need more than the macros.
 * block: called with interrupts masked and the queue's lock held; puts the thread into q->waiters, behind those that
 * are as urgent, releases the lock, lets others run until it is woken or the deadline has passed, and takes the lock
 * again. Whether it was taken from the queue by a wake; false may come early and for no reason. unblock: called under
 * the lock; takes the first waiter, or all, from the queue and makes it runnable; whether there was any. interrupted:
 * -EINTR if somebody wants the running thread to leave its wait, else 0. running: whether the thread with this thread
 * pointer, which may be gone, runs on a CPU just now: a hint for locks, which spin rather than wait for a holder that
 * does. priority: of the first waiter, under the lock, or, for NULL, of the running thread; 0 for none and without a
 * scheduler. Context: block not in an interrupt handler, unblock, running and priority any, interrupted a thread. */
bool uk_wait_block(struct uk_wait_queue *q, uint64_t deadline);
bool uk_wait_unblock(struct uk_wait_queue *q, bool all);
int uk_wait_interrupted(void);
bool uk_wait_running(const void *tp);
unsigned uk_wait_priority(const struct uk_wait_queue *q);
