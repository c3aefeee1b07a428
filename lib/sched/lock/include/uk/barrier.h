/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Barriers: nobody goes on until so many have arrived; then it can be used again at once. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/wait.h>

struct uk_barrier {
	uint32_t needed, arrived;
	uint32_t round;  /* changes when all have arrived */
	uint32_t inside; /* that have not left uk_barrier_wait()'s queue */
	bool closing;    /* somebody waits for inside to become 0 */
	struct uk_wait_queue queue;
};

#define UK_BARRIER_INIT(count)                                                                                         \
	{                                                                                                              \
		.needed = (count)                                                                                      \
	}

#define UK_BARRIER_LAST 1 /* what uk_barrier_wait() returns to one of them */

/* Make a barrier for count threads. 0; -EINVAL if count is 0. Context: any. */
int uk_barrier_init(struct uk_barrier *b, uint32_t count);

/* It will not be used any more. Waits for those that are still about to leave, so that its memory may be given to
 * something else then. 0; -EBUSY if some have arrived and wait for the others, and nothing has happened.
 * Context: a thread. */
int uk_barrier_destroy(struct uk_barrier *b);

/* Arrive, and wait until all have. UK_BARRIER_LAST in the one that came last, 0 in the others; -ETIMEDOUT at the
 * deadline (UK_WAIT_FOREVER: none): the caller has not arrived then. Context: a thread. */
int uk_barrier_wait(struct uk_barrier *b, uint64_t deadline);
