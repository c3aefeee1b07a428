/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Do something once, whoever comes first; the others wait until it is done. All zero is one not yet done. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/base.h>
#include <uk/wait.h>

enum uk_once_state {
	UK_ONCE_NEW,
	UK_ONCE_BUSY, /* somebody is doing it */
	UK_ONCE_DONE,
};

struct uk_once {
	uint32_t state; /* enum uk_once_state */
	struct uk_wait_queue queue;
};

#define UK_ONCE_INIT                                                                                                   \
	{                                                                                                              \
		.state = UK_ONCE_NEW                                                                                   \
	}

/* What uk_once_begin() calls unless it is done; do not call it. */
bool uk_once_begin_slow(struct uk_once *o);

/* Whether it is the caller's to do; else it has been done when this returns. Whoever does it calls uk_once_end() after
 * it: with false if it is still to be done, by one of those that wait or by the next to come. Calling it
 * while doing it waits for ever. Context: a thread. */
static inline bool uk_once_begin(struct uk_once *o)
{
	return uk_unlikely(__atomic_load_n(&o->state, __ATOMIC_ACQUIRE) != UK_ONCE_DONE) && uk_once_begin_slow(o);
}

/* See uk_once_begin(). */
void uk_once_end(struct uk_once *o, bool done);

/* Call function() if nobody has yet, or wait until whoever has is back from it. Context: a thread. */
static inline void uk_once_run(struct uk_once *o, void (*function)(void))
{
	if (!uk_once_begin(o))
		return;
	function();
	uk_once_end(o, true);
}
