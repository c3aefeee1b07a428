/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include "internal.h"

#include <uk/assert.h>
#include <uk/once.h>

bool uk_once_begin_slow(struct uk_once *o)
{
	const unsigned long state = uk_lock_acquire_irq(&o->queue.lock);
	bool mine;

	uk_lock_queue_ready(&o->queue);
	while (o->state == UK_ONCE_BUSY)
		uk_wait_block(&o->queue, UK_WAIT_FOREVER);
	mine = o->state == UK_ONCE_NEW;
	if (mine)
		o->state = UK_ONCE_BUSY;
	uk_lock_release_irq(&o->queue.lock, state);
	return mine;
}

void uk_once_end(struct uk_once *o, bool done)
{
	const unsigned long state = uk_lock_acquire_irq(&o->queue.lock);

	UK_ASSERT(o->state == UK_ONCE_BUSY);
	__atomic_store_n(&o->state, done ? UK_ONCE_DONE : UK_ONCE_NEW, __ATOMIC_RELEASE);
	uk_wait_wake_locked(&o->queue);
	uk_lock_release_irq(&o->queue.lock, state);
}
