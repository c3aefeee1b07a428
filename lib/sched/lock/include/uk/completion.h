/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Completions: wait until something has been done, by an interrupt handler or another thread. The one who waits may own
 * the memory, on its stack for instance: whoever says that it is done does not touch it any more once the wait has
 * returned. All zero is one where nothing is done. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/wait.h>

struct uk_completion {
	uint32_t done; /* how many waits may return; UINT32_MAX: all */
	struct uk_wait_queue queue;
};

#define UK_COMPLETION_INIT                                                                                             \
	{                                                                                                              \
		.done = 0                                                                                              \
	}

/* Make one, or make one that is not in use new again. Context: any. */
static inline void uk_completion_init(struct uk_completion *c)
{
	*c = (struct uk_completion)UK_COMPLETION_INIT;
}

/* One thing is done: one wait returns, now or later; the longest first. Context: any. */
void uk_completion_done(struct uk_completion *c);

/* Everything is done: all waits return, now and later. Context: any. */
void uk_completion_done_all(struct uk_completion *c);

/* Wait until something is done, until the deadline (UK_WAIT_FOREVER: none). 0; -ETIMEDOUT. Context: a thread. */
int uk_completion_wait(struct uk_completion *c, uint64_t deadline);

/* Whether a wait would return at once. Context: any. */
static inline bool uk_completion_is_done(const struct uk_completion *c)
{
	return __atomic_load_n(&c->done, __ATOMIC_ACQUIRE) != 0;
}
