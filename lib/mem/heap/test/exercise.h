/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Operations on a heap against a model: what is live, how large it is and what is in it. For tests and the fuzzer. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <uk/heap.h>

#define UK_HEAP_EXERCISE_BLOCKS 256

struct uk_heap_exercise {
	struct uk_heap *heap;
	struct {
		unsigned char *p;
		size_t size;
		unsigned char fill;
	} blocks[UK_HEAP_EXERCISE_BLOCKS];
	uint64_t steps;
	size_t live, refused; /* bytes; requests that got NULL */
};

/* One operation on the block number `slot` (modulo the number of blocks): an empty one is allocated with
 * `size` bytes, a live one resized or freed, as `kind` says. NULL, or what the heap did wrong. Context: thread. */
const char *uk_heap_exercise_step(struct uk_heap_exercise *x, unsigned slot, unsigned kind, size_t size);

/* Free all blocks. NULL, or what the heap did wrong. Context: thread. */
const char *uk_heap_exercise_end(struct uk_heap_exercise *x);

/* A pseudo-random number of 24 bits and the next state; the same sequence everywhere. Context: any. */
uint32_t uk_heap_exercise_random(uint32_t *state);
