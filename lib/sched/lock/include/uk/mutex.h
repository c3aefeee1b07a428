/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Mutexes: one thread at a time, which is the holder and the one to unlock.
 *
 * A free mutex goes to whoever comes first, waiting or not; a thread that has been passed over for 10 ms is
 * handed it. Without a scheduler there is one thread, so that only locking twice can wait.
 * All zero is an unlocked plain mutex. Functions may be called by threads, not in an interrupt handler. */
#pragma once

#include <sched/lock/config.h>

#include <stdbool.h>
#include <stdint.h>

#include <uk/base.h>
#include <uk/lock_word.h>
#include <uk/wait.h>

/* What happens if the holder locks it again. */
enum uk_mutex_kind {
	UK_MUTEX_PLAIN,     /* it waits, until the deadline or for ever */
	UK_MUTEX_RECURSIVE, /* it is to be unlocked as often as it was locked */
	UK_MUTEX_CHECKED,   /* -EDEADLK */
};

struct uk_mutex {
	uint64_t word; /* the holder's thread pointer and UK_MUTEX_ flags; 0: free */
	struct uk_mutex_heir *heir;
	union { /* 40 bytes in all, which is what a pthread_mutex_t has */
		struct uk_wait_queue queue;
		struct {
			struct uk_lock queue_lock;
			uint32_t depth : 24; /* how often the holder has locked it again */
			uint32_t kind : 8;   /* enum uk_mutex_kind */
		};
	};
};

#define UK_MUTEX_INIT                                                                                                  \
	{                                                                                                              \
		.kind = UK_MUTEX_PLAIN                                                                                 \
	}
#define UK_MUTEX_INIT_KIND(k)                                                                                          \
	{                                                                                                              \
		.kind = (k)                                                                                            \
	}

/* In the word: somebody waits, depth is not 0. Unlocking takes the long way then. */
#define UK_MUTEX_WAITERS 1u
#define UK_MUTEX_DEPTH 2u
#define UK_MUTEX_FLAGS 7u

#define UK_MUTEX_DEPTH_MAX ((1u << 24) - 1)

/* What the functions below call when the quick way does not do; do not call them. */
int uk_mutex_lock_slow(struct uk_mutex *m, uint64_t deadline);
int uk_mutex_try_slow(struct uk_mutex *m);
int uk_mutex_unlock_slow(struct uk_mutex *m);

/* Make an unlocked mutex. Context: any. */
static inline void uk_mutex_init(struct uk_mutex *m, enum uk_mutex_kind kind)
{
	*m = (struct uk_mutex){.kind = kind};
}

/* It will not be used any more, and its memory may be given to something else. 0; -EBUSY if it is held, and nothing
 * has happened. Whoever may have unlocked it a moment ago on another CPU is done with it when this returns. */
int uk_mutex_destroy(struct uk_mutex *m);

/* Lock it, waiting until uk_plat_time_ns() reaches deadline (UK_WAIT_FOREVER: none; uk_wait_in(ns): relative). 0;
 * -ETIMEDOUT, never if it was free; if the caller holds it already: -EDEADLK for a checked one, -EAGAIN for a recursive
 * one that was locked UK_MUTEX_DEPTH_MAX times. */
static inline int uk_mutex_lock_until(struct uk_mutex *m, uint64_t deadline)
{
	if (!UK_ENABLED(SCHED_LOCK_DEBUG) && uk_likely(uk_lock_swap(&m->word, 0, uk_lock_self())))
		return 0;
	return uk_mutex_lock_slow(m, deadline);
}

/* The same without a deadline. */
static inline int uk_mutex_lock(struct uk_mutex *m)
{
	return uk_mutex_lock_until(m, UK_WAIT_FOREVER);
}

/* Lock it if it is free, or recursive and the caller's. 0, -EBUSY, -EAGAIN as above. */
static inline int uk_mutex_try(struct uk_mutex *m)
{
	if (!UK_ENABLED(SCHED_LOCK_DEBUG) && uk_likely(uk_lock_swap(&m->word, 0, uk_lock_self())))
		return 0;
	return uk_mutex_try_slow(m);
}

/* Unlock it. 0; -EPERM if the caller does not hold it, whatever its kind, and nothing has happened. */
static inline int uk_mutex_unlock(struct uk_mutex *m)
{
	if (!UK_ENABLED(SCHED_LOCK_DEBUG) && uk_likely(uk_lock_swap(&m->word, uk_lock_self(), 0)))
		return 0;
	return uk_mutex_unlock_slow(m);
}

/* Whether the calling thread holds it. */
static inline bool uk_mutex_held(const struct uk_mutex *m)
{
	return (uk_lock_peek(&m->word) & ~(uint64_t)UK_MUTEX_FLAGS) == uk_lock_self();
}
