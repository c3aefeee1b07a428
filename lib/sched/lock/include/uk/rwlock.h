/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Read-write locks: many readers, or one writer.
 *
 * Readers that come while a writer waits wait behind it; when it is done, all readers that wait by then come before the
 * next writer. So neither side starves. Of threads with priorities the most urgent one comes first, and a writer before
 * readers as urgent (POSIX.1-2017, pthread_rwlock_unlock). The exception: a thread that holds a read lock, of whichever
 * lock, passes waiting writers, since it might be this one's that it holds, and would wait for itself. All zero is one
 * that is free. Functions may be called by threads, not in an interrupt handler. */
#pragma once

#include <sched/lock/config.h>

#include <stdbool.h>
#include <stdint.h>

#include <uk/base.h>
#include <uk/lock_word.h>
#include <uk/wait.h>

struct uk_rwlock {
	uint64_t word; /* the number of readers, or UK_RWLOCK_WRITER and its thread pointer; and UK_RWLOCK_WAITERS */
	union {        /* 56 bytes in all, which is what a pthread_rwlock_t has */
		struct uk_wait_queue writers; /* its lock protects everything, but for the quick ways */
		struct {
			struct uk_lock writers_lock;
			uint32_t writing_next; /* writers that wait */
		};
	};
	union {
		struct uk_wait_queue readers;
		struct {
			struct uk_lock readers_lock;
			uint32_t reading_next; /* readers that wait */
		};
	};
};

#define UK_RWLOCK_INIT                                                                                                 \
	{                                                                                                              \
		.word = 0                                                                                              \
	}

#define UK_RWLOCK_READERS_MAX ((uint64_t)1 << 32)
#define UK_RWLOCK_WRITER ((uint64_t)1 << 62)
#define UK_RWLOCK_WAITERS ((uint64_t)1 << 63) /* there may be some, or somebody is about to look */

/* How many read locks the calling thread holds. */
extern _Thread_local uint32_t uk_rwlock_reading;

/* What the functions below call when the quick way does not do; do not call them. */
int uk_rwlock_read_slow(struct uk_rwlock *l, uint64_t deadline);
int uk_rwlock_write_slow(struct uk_rwlock *l, uint64_t deadline);
int uk_rwlock_unlock_slow(struct uk_rwlock *l);

/* Make a free one. Context: any. */
static inline void uk_rwlock_init(struct uk_rwlock *l)
{
	*l = (struct uk_rwlock)UK_RWLOCK_INIT;
}

/* It will not be used any more, and its memory may be given to something else. 0; -EBUSY if it is held, and nothing
 * has happened. Whoever may have unlocked it a moment ago on another CPU is done with it when this returns. */
int uk_rwlock_destroy(struct uk_rwlock *l);

/* Lock it for reading if nobody writes or waits to. 0; -EBUSY; -EAGAIN if there are UK_RWLOCK_READERS_MAX readers. */
int uk_rwlock_try_read(struct uk_rwlock *l);

/* Lock it for reading, waiting until the deadline (UK_WAIT_FOREVER: none). 0; -ETIMEDOUT, never if it could be had at
 * once; -EDEADLK if the caller is its writer; -EAGAIN if there are UK_RWLOCK_READERS_MAX readers. */
static inline int uk_rwlock_read(struct uk_rwlock *l, uint64_t deadline)
{
	const uint64_t word = uk_lock_peek(&l->word);

	if (uk_unlikely(word >= UK_RWLOCK_READERS_MAX || !uk_lock_swap(&l->word, word, word + 1)))
		return uk_rwlock_read_slow(l, deadline);
	uk_rwlock_reading++;
	return 0;
}

/* Lock it for writing if it is free. 0; -EBUSY. */
int uk_rwlock_try_write(struct uk_rwlock *l);

/* Lock it for writing, waiting until the deadline (UK_WAIT_FOREVER: none). 0; -ETIMEDOUT, never if it was free;
 * -EDEADLK if the caller is its writer. A reader that wants to write waits for itself. */
static inline int uk_rwlock_write(struct uk_rwlock *l, uint64_t deadline)
{
	if (!UK_ENABLED(SCHED_LOCK_DEBUG) && uk_likely(uk_lock_swap(&l->word, 0, UK_RWLOCK_WRITER | uk_lock_self())))
		return 0;
	return uk_rwlock_write_slow(l, deadline);
}

/* Give it back, as reader or writer. 0; -EPERM if nobody holds it, or another writer does, and nothing has happened.
 * Which threads read it is not known: unlocking for one of them passes unnoticed. */
static inline int uk_rwlock_unlock(struct uk_rwlock *l)
{
	const uint64_t word = uk_lock_peek(&l->word);

	if (uk_unlikely(word - 1 >= UK_RWLOCK_READERS_MAX || !uk_lock_swap(&l->word, word, word - 1)))
		return uk_rwlock_unlock_slow(l);
	uk_rwlock_reading -= uk_rwlock_reading != 0;
	return 0;
}
