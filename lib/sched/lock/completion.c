/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Everything happens under the queue's lock, without a quick way: that is what lets the waiter free the memory. */

#include "internal.h"

#include <uk/completion.h>

#define ALL UINT32_MAX

void uk_completion_done(struct uk_completion *c)
{
	const unsigned long state = uk_lock_acquire_irq(&c->queue.lock);

	if (c->done < ALL - 1 && !(uk_lock_queue_busy(&c->queue) && uk_wait_wake_one_locked(&c->queue)))
		c->done++;
	uk_lock_release_irq(&c->queue.lock, state);
}

void uk_completion_done_all(struct uk_completion *c)
{
	const unsigned long state = uk_lock_acquire_irq(&c->queue.lock);

	c->done = ALL;
	if (uk_lock_queue_busy(&c->queue))
		uk_wait_wake_locked(&c->queue);
	uk_lock_release_irq(&c->queue.lock, state);
}

int uk_completion_wait(struct uk_completion *c, uint64_t deadline)
{
	const unsigned long state = uk_lock_acquire_irq(&c->queue.lock);
	bool handed = false;
	int error = 0;

	uk_lock_queue_ready(&c->queue);
	while (!handed && !c->done && !(error = uk_wait_expired(deadline)))
		handed = uk_wait_block(&c->queue, deadline);
	if (!handed && !error && c->done != ALL)
		c->done--;
	uk_lock_release_irq(&c->queue.lock, state);
	return error;
}
