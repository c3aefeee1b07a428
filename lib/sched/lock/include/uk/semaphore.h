/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Counting semaphores. Whoever has waited longest is handed the next count, before newcomers. All zero is one with the
 * value 0. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/base.h>
#include <uk/lock_word.h>
#include <uk/wait.h>

#define UK_SEM_MAX INT32_MAX
#define UK_SEM_WAITER ((uint64_t)1 << 32) /* one thread that waits, in the word */

struct uk_sem {
	uint64_t word; /* the value, and the waiters in its upper half */
	struct uk_wait_queue queue;
};

#define UK_SEM_INIT(value)                                                                                             \
	{                                                                                                              \
		.word = (uint32_t)(value)                                                                              \
	}

/* What the functions below call when the quick way does not do; do not call them. */
int uk_sem_wait_slow(struct uk_sem *s, uint64_t deadline, bool interruptible);
int uk_sem_post_slow(struct uk_sem *s);

/* Make one with a value up to UK_SEM_MAX. Context: any. */
static inline void uk_sem_init(struct uk_sem *s, uint32_t value)
{
	*s = (struct uk_sem)UK_SEM_INIT(value);
}

/* It will not be used any more, and its memory may be given to something else. 0; -EBUSY if threads wait, and nothing
 * has happened. Whoever may have posted it a moment ago on another CPU is done with it when this returns.
 * Context: any. */
int uk_sem_destroy(struct uk_sem *s);

/* The value now; 0 while threads wait. Context: any. */
static inline uint32_t uk_sem_value(const struct uk_sem *s)
{
	return (uint32_t)uk_lock_peek(&s->word);
}

/* Take one from the value if it is not 0. 0 or -EAGAIN. Context: any. */
static inline int uk_sem_try(struct uk_sem *s)
{
	for (;;) {
		const uint64_t word = uk_lock_peek(&s->word);

		if (!(uint32_t)word)
			return -EAGAIN;
		if (uk_lock_swap(&s->word, word, word - 1))
			return 0;
	}
}

/* The same, waiting for it until the deadline (UK_WAIT_FOREVER: none). 0; -ETIMEDOUT, never if the value was not 0.
 * Context: a thread. */
static inline int uk_sem_wait(struct uk_sem *s, uint64_t deadline)
{
	return uk_likely(!uk_sem_try(s)) ? 0 : uk_sem_wait_slow(s, deadline, false);
}

/* The same, ended too by uk_thread_interrupt(): -EINTR. */
static inline int uk_sem_wait_interruptible(struct uk_sem *s, uint64_t deadline)
{
	return uk_likely(!uk_sem_try(s)) ? 0 : uk_sem_wait_slow(s, deadline, true);
}

/* Add one to the value, or let the thread that has waited longest go on. 0; -EOVERFLOW at UK_SEM_MAX.
 * Context: any. */
static inline int uk_sem_post(struct uk_sem *s)
{
	const uint64_t word = uk_lock_peek(&s->word);

	if (uk_likely(word < UK_SEM_MAX && uk_lock_swap(&s->word, word, word + 1)))
		return 0;
	return uk_sem_post_slow(s);
}
