/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The long ways of mutexes.
 *
 * The word of a free mutex is 0. Unlocking one with waiters frees it and wakes the first of them, who competes with
 * whoever comes meanwhile: the lock never lies idle while a thread is on its way to it. Until that first one has
 * run, nobody else needs to be woken; so the WAITERS flag is set again only by a thread that finds the mutex held, and
 * by one that takes it while others sleep. Whoever was woken and passed over for long becomes the heir: the next unlock
 * makes it the holder, and newcomers wait. */

#include "internal.h"

#include <uk/assert.h>
#include <uk/mutex.h>

#define STARVING_NS 10000000u /* passed over for so long, a thread becomes the heir */
#define SPINS 24u             /* looks at a mutex whose holder runs on another CPU, before sleeping */
#define PAUSES_MAX 64u        /* between two looks: each takes the cache line from the holder for a while */

_Static_assert((UK_LOCK_HOLDER_FLAGS & UK_MUTEX_FLAGS) == UK_MUTEX_FLAGS, "deadlocks are found by the word");

struct uk_mutex_heir {
	struct uk_wait_queue queue; /* of this thread alone */
	uint64_t self;
	bool granted;
};

static uint64_t holder(uint64_t word)
{
	return word & ~(uint64_t)UK_MUTEX_FLAGS;
}

/* Change flags of a word that the caller holds, while others may set WAITERS. */
static void change_flags(struct uk_mutex *m, uint64_t clear, uint64_t set)
{
	uint64_t word;

	do
		word = uk_lock_peek(&m->word);
	while (!uk_lock_swap(&m->word, word, (word & ~clear) | set));
}

/* The caller holds it already. */
static int lock_again(struct uk_mutex *m)
{
	if (m->kind == UK_MUTEX_CHECKED)
		return -EDEADLK;
	if (m->depth == UK_MUTEX_DEPTH_MAX)
		return -EAGAIN;
	if (!m->depth++)
		change_flags(m, 0, UK_MUTEX_DEPTH);
	return 0;
}

/* Spin while the holder runs on another CPU: it will unlock sooner than this thread could sleep and wake. Take it with
 * these flags. */
static bool spin(struct uk_mutex *m, uint64_t self, uint64_t flags)
{
	unsigned pauses = 1;

	if (uk_plat_cpus() == 1)
		return false;
	for (unsigned n = 0; n < SPINS; n++) {
		const uint64_t word = uk_lock_peek(&m->word);

		if (!word && uk_lock_swap(&m->word, 0, self | flags))
			return true;
		if (word && !uk_wait_running((void *)(uintptr_t)holder(word)))
			return false;
		for (unsigned i = 0; i < pauses; i++)
			uk_arch_pause();
		pauses = UK_MIN(2 * pauses, PAUSES_MAX);
	}
	return false;
}

/* Take it, or see to it that its holder will wake the queue. The queue is locked. */
static bool take_or_mark(struct uk_mutex *m, uint64_t self)
{
	for (;;) {
		const uint64_t word = uk_lock_peek(&m->word);

		if (word & UK_MUTEX_WAITERS)
			return false;
		if (word && uk_lock_swap(&m->word, word, word | UK_MUTEX_WAITERS))
			return false;
		if (!word && uk_lock_swap(&m->word, 0, self | uk_lock_queue_busy(&m->queue)))
			return true;
	}
}

/* Wait as the heir. The queue is locked, and so it is afterwards; the word has its WAITERS flag, so that its holder
 * will look for an heir. */
static int inherit(struct uk_mutex *m, uint64_t self, uint64_t deadline)
{
	struct uk_mutex_heir heir = {UK_WAIT_QUEUE_INIT(heir.queue), self, false};
	int error = 0;

	m->heir = &heir;
	uk_lock_acquire(&heir.queue.lock);
	uk_lock_release(&m->queue.lock);
	while (!heir.granted && !(error = uk_wait_expired(deadline)))
		uk_wait_block(&heir.queue, deadline);
	uk_lock_release(&heir.queue.lock);
	uk_lock_acquire(&m->queue.lock);
	if (heir.granted)
		return 0;
	m->heir = NULL;
	return error;
}

/* Whether a thread that was woken and did not get it has been passed over for too long; *since is 0 at first. */
static bool starving(uint64_t *since)
{
	const uint64_t now = uk_plat_time_ns();

	if (!*since)
		*since = now;
	return now - *since >= STARVING_NS;
}

/* Spin after having been woken, the queue unlocked meanwhile, and still if it was in vain. Nobody else is woken until
 * this thread has set WAITERS, which it does in any case. */
static bool spin_again(struct uk_mutex *m, uint64_t self, unsigned long state)
{
	uk_lock_release_irq(&m->queue.lock, state);
	if (spin(m, self, UK_MUTEX_WAITERS))
		return true;
	uk_lock_acquire_irq(&m->queue.lock);
	return false;
}

static int wait_for(struct uk_mutex *m, uint64_t self, uint64_t deadline)
{
	const unsigned long state = uk_lock_acquire_irq(&m->queue.lock);
	uint64_t since = 0;
	bool woken = false;
	int error = 0;

	uk_lock_queue_ready(&m->queue);
	while (!take_or_mark(m, self)) {
		error = uk_wait_expired(deadline);
		if (error)
			break;
		if (woken && !m->heir && starving(&since)) {
			error = inherit(m, self, deadline);
			break;
		}
		woken = uk_wait_block(&m->queue, deadline);
		if (UK_SMP && woken && spin_again(m, self, state))
			return 0;
	}
	uk_lock_release_irq(&m->queue.lock, state);
	return error;
}

/* The same, watched. */
static int wait_watched(struct uk_mutex *m, uint64_t self, uint64_t deadline, const void *place)
{
	struct uk_lock_wait wait;
	int error = 0;

	if (!uk_lock_swap(&m->word, 0, self)) {
		uk_lock_debug_wait(&wait, m, &m->word, deadline);
		error = wait_for(m, self, deadline);
		uk_lock_debug_waited(&wait);
	}
	if (!error)
		uk_lock_debug_taken(m, "mutex", place);
	return error;
}

int uk_mutex_lock_slow(struct uk_mutex *m, uint64_t deadline)
{
	const uint64_t self = uk_lock_self();

	if (m->kind != UK_MUTEX_PLAIN && holder(uk_lock_peek(&m->word)) == self)
		return lock_again(m);
	if (UK_ENABLED(SCHED_LOCK_DEBUG))
		return wait_watched(m, self, deadline, __builtin_return_address(0));
	if (UK_SMP && spin(m, self, 0))
		return 0;
	return wait_for(m, self, deadline);
}

int uk_mutex_try_slow(struct uk_mutex *m)
{
	const uint64_t self = uk_lock_self();

	if (m->kind == UK_MUTEX_RECURSIVE && holder(uk_lock_peek(&m->word)) == self)
		return lock_again(m);
	if (!uk_lock_swap(&m->word, 0, self))
		return -EBUSY;
	if (UK_ENABLED(SCHED_LOCK_DEBUG))
		uk_lock_debug_taken(m, "mutex", __builtin_return_address(0));
	return 0;
}

/* Free it, or hand it to the heir. */
static void release(struct uk_mutex *m)
{
	const unsigned long state = uk_lock_acquire_irq(&m->queue.lock);
	struct uk_mutex_heir *heir = m->heir;

	if (heir) {
		m->heir = NULL;
		__atomic_store_n(&m->word, heir->self | uk_lock_queue_busy(&m->queue), __ATOMIC_RELEASE);
		uk_lock_acquire(&heir->queue.lock);
		heir->granted = true;
		uk_wait_wake_locked(&heir->queue);
		uk_lock_release(&heir->queue.lock);
	} else {
		__atomic_store_n(&m->word, 0, __ATOMIC_RELEASE);
		uk_wait_wake_one_locked(&m->queue);
	}
	uk_lock_release_irq(&m->queue.lock, state);
}

int uk_mutex_unlock_slow(struct uk_mutex *m)
{
	const uint64_t self = uk_lock_self();

	if (holder(uk_lock_peek(&m->word)) != self) {
		if (UK_ENABLED(SCHED_LOCK_DEBUG))
			uk_lock_debug_error(m, "unlocked");
		return -EPERM;
	}
	if (m->depth) {
		if (!--m->depth)
			change_flags(m, UK_MUTEX_DEPTH, 0);
		return 0;
	}
	if (UK_ENABLED(SCHED_LOCK_DEBUG))
		uk_lock_debug_released(m);
	if (!uk_lock_swap(&m->word, self, 0))
		release(m);
	return 0;
}

int uk_mutex_destroy(struct uk_mutex *m)
{
	if (uk_lock_peek(&m->word)) {
		if (UK_ENABLED(SCHED_LOCK_DEBUG))
			uk_lock_debug_error(m, "destroyed while held");
		return -EBUSY;
	}
	uk_lock_queue_settle(&m->queue);
	return 0;
}
