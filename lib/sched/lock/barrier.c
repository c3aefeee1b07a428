/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include "internal.h"

#include <uk/assert.h>
#include <uk/barrier.h>

int uk_barrier_init(struct uk_barrier *b, uint32_t count)
{
	*b = (struct uk_barrier)UK_BARRIER_INIT(count);
	return count ? 0 : -EINVAL;
}

int uk_barrier_destroy(struct uk_barrier *b)
{
	const unsigned long state = uk_lock_acquire_irq(&b->queue.lock);
	const bool busy = b->arrived != 0;

	uk_lock_queue_ready(&b->queue);
	b->closing = !busy;
	while (!busy && b->inside)
		uk_wait_block(&b->queue, UK_WAIT_FOREVER);
	uk_lock_release_irq(&b->queue.lock, state);
	return busy ? -EBUSY : 0;
}

/* Not the last one; the queue is locked. */
static int wait_for_others(struct uk_barrier *b, uint64_t deadline)
{
	const uint32_t round = b->round;
	int error = 0;

	b->inside++;
	while (b->round == round && !(error = uk_wait_expired(deadline)))
		uk_wait_block(&b->queue, deadline);
	if (error)
		b->arrived--;
	if (!--b->inside && b->closing)
		uk_wait_wake_locked(&b->queue);
	return error;
}

int uk_barrier_wait(struct uk_barrier *b, uint64_t deadline)
{
	const unsigned long state = uk_lock_acquire_irq(&b->queue.lock);
	int result = UK_BARRIER_LAST;

	UK_ASSERT(b->needed);
	uk_lock_queue_ready(&b->queue);
	if (++b->arrived < b->needed) {
		result = wait_for_others(b, deadline);
	} else {
		b->arrived = 0;
		b->round++;
		uk_wait_wake_locked(&b->queue);
	}
	uk_lock_release_irq(&b->queue.lock, state);
	return result;
}
