/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Operations on a priority queue beside the same on a plain array, for the test and the fuzz target. */
#pragma once

#include <stdint.h>

#include <uk/pqueue.h>

#define UK_PQUEUE_EXERCISE_NODES 64

struct uk_pqueue_exercise {
	struct uk_pqueue queue;
	struct uk_pqueue_node nodes[UK_PQUEUE_EXERCISE_NODES];
	uint64_t keys[UK_PQUEUE_EXERCISE_NODES];  /* the model: keys ... */
	uint64_t since[UK_PQUEUE_EXERCISE_NODES]; /* ... and when each was put in, 0 for not */
	uint64_t steps;
	unsigned count;
};

/* One operation, picked by kind: put the node in, or take it or the first out. NULL, or what went wrong.
 * Context: any; x is all zero at first. */
const char *uk_pqueue_exercise_step(struct uk_pqueue_exercise *x, unsigned kind, unsigned node, uint64_t key);
