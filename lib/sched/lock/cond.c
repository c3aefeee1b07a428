/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Condition variables. A signal takes one thread from the queue and from `waiters`. A waiter whose deadline has just
 * passed is in `waiters` but not in the queue: for it, and for images without a scheduler, a signal changes the epoch,
 * which it looks at before it says that it has waited in vain. */

#include "internal.h"

#include <uk/cond.h>

/* Sleep until signalled; the queue is locked. */
static int sleep(struct uk_cond *c, uint64_t deadline, bool interruptible)
{
	const uint32_t epoch = c->epoch;
	int error = 0;

	while (c->epoch == epoch && !(error = uk_lock_stop(deadline, interruptible)))
		if (uk_wait_block(&c->queue, deadline))
			return 0;
	c->waiters--;
	return error;
}

static void leave(struct uk_cond *c)
{
	if (!--c->inside && c->closing)
		uk_wait_wake_locked(&c->queue);
}

int uk_cond_wait(struct uk_cond *c, struct uk_mutex *m, uint64_t deadline, unsigned flags)
{
	const unsigned long state = uk_lock_acquire_irq(&c->queue.lock);
	int error;

	uk_lock_queue_ready(&c->queue);
	c->inside++;
	c->waiters++; /* before the mutex is free: who has it next must see that a signal is wanted */
	error = uk_mutex_unlock(m);
	if (uk_unlikely(error)) {
		c->waiters--;
		leave(c);
		uk_lock_release_irq(&c->queue.lock, state);
		return error;
	}
	error = sleep(c, deadline, flags & UK_COND_INTERRUPTIBLE);
	leave(c);
	uk_lock_release_irq(&c->queue.lock, state);
	(void)uk_mutex_lock(m); /* cannot fail: the caller does not hold it */
	return error;
}

void uk_cond_wake(struct uk_cond *c, bool all)
{
	const unsigned long state = uk_lock_acquire_irq(&c->queue.lock);

	do {
		if (!c->waiters)
			break;
		if (!uk_wait_wake_one_locked(&c->queue)) {
			c->epoch++;
			break;
		}
		c->waiters--;
	} while (all);
	uk_lock_release_irq(&c->queue.lock, state);
}

int uk_cond_destroy(struct uk_cond *c)
{
	const unsigned long state = uk_lock_acquire_irq(&c->queue.lock);
	const bool busy = c->waiters != 0;

	c->closing = !busy;
	while (!busy && c->inside)
		uk_wait_block(&c->queue, UK_WAIT_FOREVER);
	uk_lock_release_irq(&c->queue.lock, state);
	return busy ? -EBUSY : 0;
}
