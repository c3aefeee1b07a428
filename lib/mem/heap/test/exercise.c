/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include "exercise.h"

#include <stdbool.h>
#include <string.h>
#include <uk/base.h>

uint32_t uk_heap_exercise_random(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

static bool holds(const unsigned char *p, size_t size, unsigned char fill)
{
	for (size_t i = 0; i < size; i++)
		if (p[i] != fill)
			return false;
	return true;
}

static const char *judge(struct uk_heap_exercise *x, const unsigned char *p, size_t size, size_t align)
{
	if ((uintptr_t)p % align || (size >= 16 && (uintptr_t)p % 16))
		return "misaligned block";
	if (x->heap->ops->usable(x->heap, p) < size)
		return "usable size is less than requested";
	for (size_t i = 0; i < UK_HEAP_EXERCISE_BLOCKS; i++)
		if (x->blocks[i].p && p < x->blocks[i].p + UK_MAX(x->blocks[i].size, (size_t)1) &&
		    x->blocks[i].p < p + size)
			return "block overlaps a live one";
	return NULL;
}

static const char *take(struct uk_heap_exercise *x, unsigned slot, unsigned kind, size_t size)
{
	size_t align = kind % 8 ? 16 : (size_t)1 << kind / 8 % 14;
	unsigned char *p = x->heap->ops->alloc(x->heap, size, align);

	if (!p) {
		x->refused++;
		return NULL;
	}
	const char *fault = judge(x, p, size, align);

	x->blocks[slot].p = p;
	x->blocks[slot].size = size;
	x->blocks[slot].fill = (unsigned char)(x->steps + 1);
	memset(p, x->blocks[slot].fill, size);
	x->live += size;
	return fault;
}

static const char *resize(struct uk_heap_exercise *x, unsigned slot, size_t size)
{
	unsigned char *old = x->blocks[slot].p, fill = x->blocks[slot].fill;
	size_t had = x->blocks[slot].size;
	unsigned char *p = x->heap->ops->realloc(x->heap, old, UK_MAX(size, (size_t)1));

	if (!p) {
		x->refused++;
		return holds(old, had, fill) ? NULL : "a failed realloc changed the block";
	}
	x->blocks[slot].p = NULL;
	const char *fault = judge(x, p, size, 1);

	if (!holds(p, UK_MIN(had, size), fill))
		fault = "realloc lost the contents";
	memset(p, fill, size);
	x->blocks[slot].p = p;
	x->blocks[slot].size = size;
	x->live += size - had;
	return fault;
}

static const char *give(struct uk_heap_exercise *x, unsigned slot)
{
	unsigned char *p = x->blocks[slot].p;
	bool intact = holds(p, x->blocks[slot].size, x->blocks[slot].fill);

	x->live -= x->blocks[slot].size;
	x->blocks[slot].p = NULL;
	x->heap->ops->free(x->heap, p);
	return intact ? NULL : "a live block was overwritten";
}

const char *uk_heap_exercise_step(struct uk_heap_exercise *x, unsigned slot, unsigned kind, size_t size)
{
	slot %= UK_HEAP_EXERCISE_BLOCKS;
	x->steps++;
	if (!x->blocks[slot].p)
		return take(x, slot, kind, size);
	return kind % 4 == 1 ? resize(x, slot, size) : give(x, slot);
}

const char *uk_heap_exercise_end(struct uk_heap_exercise *x)
{
	const char *fault = NULL, *f;

	for (unsigned i = 0; i < UK_HEAP_EXERCISE_BLOCKS; i++)
		if (x->blocks[i].p && (f = give(x, i)))
			fault = f;
	return fault;
}
