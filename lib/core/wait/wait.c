/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <uk/base.h>
#include <uk/wait.h>

/* Without a scheduler: an interrupt, or the deadline, ends the halt, and the caller looks at its condition again. The
 * lock is free meanwhile; an interrupt between the check and the halt is kept by the platform. */
UK_WEAK bool uk_wait_block(struct uk_wait_queue *q, uint64_t deadline)
{
	uk_lock_release(&q->lock);
	uk_plat_idle(deadline);
	uk_lock_acquire(&q->lock);
	return false;
}

UK_WEAK bool uk_wait_unblock(struct uk_wait_queue *q UK_UNUSED, bool all UK_UNUSED)
{
	return false;
}

UK_WEAK int uk_wait_interrupted(void)
{
	return 0;
}

UK_WEAK bool uk_wait_running(const void *tp UK_UNUSED)
{
	return false;
}

UK_WEAK unsigned uk_wait_priority(const struct uk_wait_queue *q UK_UNUSED)
{
	return 0;
}

void uk_wait_wake_locked(struct uk_wait_queue *q)
{
	uk_wait_unblock(q, true);
}

void uk_wait_wake(struct uk_wait_queue *q)
{
	unsigned long state = uk_lock_acquire_irq(&q->lock);

	uk_wait_unblock(q, true);
	uk_lock_release_irq(&q->lock, state);
}

bool uk_wait_wake_one_locked(struct uk_wait_queue *q)
{
	return uk_wait_unblock(q, false);
}

bool uk_wait_wake_one(struct uk_wait_queue *q)
{
	unsigned long state = uk_lock_acquire_irq(&q->lock);
	const bool woken = uk_wait_unblock(q, false);

	uk_lock_release_irq(&q->lock, state);
	return woken;
}

void uk_wait_until(uint64_t deadline)
{
	struct uk_wait_queue q = UK_WAIT_QUEUE_INIT(q);

	(void)uk_wait(&q, false, deadline); /* the expected result is -ETIMEDOUT */
}
