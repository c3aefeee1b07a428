/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The long ways of read-write locks. While WAITERS is in the word the quick ways keep off, and the word belongs to
 * whoever holds the lock of l->writers: enter() and leave() are around everything here.
 *
 * Whoever frees one that others wait for hands it over: after a writer to all readers in the queue, else to the first
 * writer. A waiter that was not in its queue at that moment, since its deadline has just passed, looks once more before
 * it leaves. */

#include "internal.h"

#include <uk/rwlock.h>

_Static_assert((UK_LOCK_HOLDER_FLAGS & (UK_RWLOCK_WRITER | UK_RWLOCK_WAITERS)) ==
		   (UK_RWLOCK_WRITER | UK_RWLOCK_WAITERS),
	       "deadlocks are found by the word");

_Thread_local uint32_t uk_rwlock_reading;

static unsigned long enter(struct uk_rwlock *l)
{
	const unsigned long state = uk_lock_acquire_irq(&l->writers.lock);
	uint64_t word;

	uk_lock_queue_ready(&l->writers);
	uk_lock_queue_ready(&l->readers);
	do
		word = uk_lock_peek(&l->word);
	while (!uk_lock_swap(&l->word, word, word | UK_RWLOCK_WAITERS));
	return state;
}

/* Whoever was admitted by another may find the word without the flag: the quick ways are at it again. */
static void leave(struct uk_rwlock *l, unsigned long state)
{
	if ((uk_lock_peek(&l->word) & UK_RWLOCK_WAITERS) && !l->reading_next && !l->writing_next)
		__atomic_store_n(&l->word, l->word & ~UK_RWLOCK_WAITERS, __ATOMIC_RELEASE);
	uk_lock_release_irq(&l->writers.lock, state);
}

static bool written(const struct uk_rwlock *l)
{
	return l->word & UK_RWLOCK_WRITER;
}

static uint64_t readers(const struct uk_rwlock *l)
{
	return written(l) ? 0 : l->word & ~UK_RWLOCK_WAITERS;
}

/* Whether the caller is its writer. */
static bool mine(const struct uk_rwlock *l)
{
	return (uk_lock_peek(&l->word) & ~UK_RWLOCK_WAITERS) == (UK_RWLOCK_WRITER | uk_lock_self());
}

/* Let all readers in that sleep; whether there were any. */
static bool admit_readers(struct uk_rwlock *l)
{
	uint32_t n = 0;

	uk_lock_acquire(&l->readers.lock);
	while (uk_wait_wake_one_locked(&l->readers))
		n++;
	uk_lock_release(&l->readers.lock);
	l->reading_next -= n;
	l->word += n;
	return n != 0;
}

/* Let the first writer in that sleeps; whether there was one. It enters its name itself. */
static bool admit_writer(struct uk_rwlock *l)
{
	if (!uk_wait_wake_one_locked(&l->writers))
		return false;
	l->writing_next--;
	l->word |= UK_RWLOCK_WRITER;
	return true;
}

static bool may_read(const struct uk_rwlock *l)
{
	return !written(l) &&
	       (!l->writing_next || uk_rwlock_reading || uk_wait_priority(NULL) > uk_wait_priority(&l->writers));
}

/* Wait as one of l->readers. 0: it has been counted among the readers. */
static int wait_to_read(struct uk_rwlock *l, uint64_t deadline)
{
	bool admitted;
	int error;

	l->reading_next++;
	while (!(error = uk_wait_expired(deadline))) {
		uk_lock_acquire(&l->readers.lock);
		uk_lock_release(&l->writers.lock);
		admitted = uk_wait_block(&l->readers, deadline);
		uk_lock_release(&l->readers.lock);
		uk_lock_acquire(&l->writers.lock);
		if (admitted)
			return 0;
		if (may_read(l)) {
			l->word++;
			break;
		}
	}
	l->reading_next--;
	return error;
}

int uk_rwlock_read_slow(struct uk_rwlock *l, uint64_t deadline)
{
	unsigned long state;
	int error = 0;

	if (mine(l))
		return -EDEADLK;
	state = enter(l);
	if (readers(l) >= UK_RWLOCK_READERS_MAX)
		error = -EAGAIN;
	else if (may_read(l))
		l->word++;
	else
		error = wait_to_read(l, deadline);
	leave(l, state);
	uk_rwlock_reading += !error;
	return error;
}

/* Wait as one of l->writers. 0: it is the writer. */
static int wait_to_write(struct uk_rwlock *l, uint64_t deadline)
{
	int error;

	l->writing_next++;
	while (!(error = uk_wait_expired(deadline))) {
		if (uk_wait_block(&l->writers, deadline))
			return 0;
		if (!written(l) && !readers(l)) {
			l->word |= UK_RWLOCK_WRITER;
			break;
		}
	}
	l->writing_next--;
	if (error && !l->writing_next && !written(l))
		admit_readers(l);
	return error;
}

static int lock_to_write(struct uk_rwlock *l, uint64_t deadline)
{
	const unsigned long state = enter(l);
	int error = 0;

	if (!written(l) && !readers(l))
		l->word |= UK_RWLOCK_WRITER;
	else
		error = wait_to_write(l, deadline);
	if (!error)
		l->word |= uk_lock_self(); /* nobody else changes the word of a writer */
	leave(l, state);
	return error;
}

int uk_rwlock_write_slow(struct uk_rwlock *l, uint64_t deadline)
{
	struct uk_lock_wait wait;
	int error;

	if (mine(l))
		return -EDEADLK;
	if (!UK_ENABLED(SCHED_LOCK_DEBUG))
		return lock_to_write(l, deadline);
	uk_lock_debug_wait(&wait, l, &l->word, deadline);
	error = lock_to_write(l, deadline);
	uk_lock_debug_waited(&wait);
	if (!error)
		uk_lock_debug_taken(l, "rwlock", __builtin_return_address(0));
	return error;
}

int uk_rwlock_try_read(struct uk_rwlock *l)
{
	const int error = uk_rwlock_read(l, 0);

	return error && error != -EAGAIN ? -EBUSY : error;
}

int uk_rwlock_try_write(struct uk_rwlock *l)
{
	return uk_rwlock_write(l, 0) ? -EBUSY : 0;
}

/* Whether a writer comes before the readers that wait: not, so that they do not starve, unless it has a priority. */
static bool writer_first(struct uk_rwlock *l)
{
	const unsigned priority = uk_wait_priority(&l->writers);
	bool first;

	uk_lock_acquire(&l->readers.lock);
	first = priority && priority >= uk_wait_priority(&l->readers);
	uk_lock_release(&l->readers.lock);
	return first;
}

static int unlock_written(struct uk_rwlock *l)
{
	unsigned long state;

	if (UK_ENABLED(SCHED_LOCK_DEBUG))
		uk_lock_debug_released(l);
	if (uk_lock_swap(&l->word, UK_RWLOCK_WRITER | uk_lock_self(), 0))
		return 0;
	state = enter(l);
	l->word = UK_RWLOCK_WAITERS;
	if (!(writer_first(l) && admit_writer(l)) && !admit_readers(l))
		admit_writer(l);
	leave(l, state);
	return 0;
}

int uk_rwlock_unlock_slow(struct uk_rwlock *l)
{
	unsigned long state;
	bool reading;

	if (mine(l))
		return unlock_written(l);
	state = enter(l);
	reading = readers(l) != 0;
	if (reading && (--l->word, !readers(l)) && !admit_writer(l))
		admit_readers(l);
	leave(l, state);
	if (!reading) {
		if (UK_ENABLED(SCHED_LOCK_DEBUG))
			uk_lock_debug_error(l, "unlocked");
		return -EPERM;
	}
	uk_rwlock_reading -= uk_rwlock_reading != 0;
	return 0;
}

int uk_rwlock_destroy(struct uk_rwlock *l)
{
	if (uk_lock_peek(&l->word) & ~UK_RWLOCK_WAITERS) {
		if (UK_ENABLED(SCHED_LOCK_DEBUG))
			uk_lock_debug_error(l, "destroyed while held");
		return -EBUSY;
	}
	uk_lock_queue_settle(&l->writers);
	return 0;
}
