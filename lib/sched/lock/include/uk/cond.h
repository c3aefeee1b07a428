/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Condition variables: wait for something that a mutex protects. All zero is one that nobody waits for. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/base.h>
#include <uk/mutex.h>
#include <uk/wait.h>

struct uk_cond {
	uint32_t waiters; /* that have not been signalled */
	uint32_t inside;  /* that have not left uk_cond_wait()'s queue */
	uint32_t epoch;   /* changes where a signal finds a waiter that does not sleep just now */
	bool closing;     /* somebody waits for inside to become 0 */
	struct uk_wait_queue queue;
};

#define UK_COND_INIT                                                                                                   \
	{                                                                                                              \
		.waiters = 0                                                                                           \
	}

/* Flags of uk_cond_wait(). */
#define UK_COND_INTERRUPTIBLE 1u /* uk_thread_interrupt() ends it, which cancellation wants */

/* What the functions below call when somebody waits; do not call it. */
void uk_cond_wake(struct uk_cond *c, bool all);

/* Make one. Context: any. */
static inline void uk_cond_init(struct uk_cond *c)
{
	*c = (struct uk_cond)UK_COND_INIT;
}

/* It will not be used any more. Waits for those that were signalled and are still about to leave, so that its memory
 * may be given to something else then. 0; -EBUSY if there are threads waiting, and nothing has happened.
 * Context: a thread. */
int uk_cond_destroy(struct uk_cond *c);

/* Unlock m, wait for a signal that is sent from then on, and lock m again, also when it ends with -ETIMEDOUT at the
 * deadline (UK_WAIT_FOREVER: none) or, with UK_COND_INTERRUPTIBLE, with -EINTR: neither has used up a signal.
 * -EPERM if the caller does not hold m, and nothing has happened. A 0 may come without a signal: look at the condition
 * in a loop. A recursive mutex is unlocked once. Context: a thread. */
int uk_cond_wait(struct uk_cond *c, struct uk_mutex *m, uint64_t deadline, unsigned flags);

/* Let the thread that has waited longest go on, if there is one. With or without the mutex held. Context: any;
 * an interrupt handler cannot hold the mutex, so its signal may come between a thread's look at the condition and its
 * wait, and be missed: a semaphore or a completion keeps it. */
static inline void uk_cond_signal(struct uk_cond *c)
{
	if (__atomic_load_n(&c->waiters, __ATOMIC_RELAXED))
		uk_cond_wake(c, false);
}

/* The same for all that wait. */
static inline void uk_cond_broadcast(struct uk_cond *c)
{
	if (__atomic_load_n(&c->waiters, __ATOMIC_RELAXED))
		uk_cond_wake(c, true);
}
