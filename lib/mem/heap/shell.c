/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The operations with what the configuration puts around them: lock and recorder.
 *
 * Locking: one lock for all heaps, held with interrupts masked, so that neither a preempting thread nor another CPU
 * enters a provider half-way. Inside it only the locks of mem/page and, for the recorder, of the console are taken. */

#include "internal.h"

#include <string.h>
#include <uk/alloc.h>
#include <uk/base.h>

struct uk_lock uk_heap_lock = UK_LOCK_INIT;

static void trace(char op, const void *p, const void *old, size_t size, size_t align)
{
	if (UK_ENABLED(MEM_HEAP_TRACE) && p)
		uk_heap_trace(op, p, old, size, align);
}

void *uk_heap_alloc(struct uk_heap *h, size_t size, size_t align)
{
	unsigned long state = uk_heap_enter();
	void *p = UK_HEAP_OPS(h)->alloc(h, size, align);

	trace('a', p, NULL, size, align);
	uk_heap_leave(state);
	return p;
}

void *uk_heap_calloc(struct uk_heap *h, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		return NULL;
	void *p = uk_heap_alloc(h, bytes, UK_HEAP_ALIGN);

	return p ? memset(p, 0, bytes) : NULL;
}

void *uk_heap_realloc(struct uk_heap *h, void *p, size_t size)
{
	if (!p)
		return uk_heap_alloc(h, size, UK_HEAP_ALIGN);
	unsigned long state = uk_heap_enter();
	void *q = UK_HEAP_OPS(h)->realloc(h, p, size ? size : 1);

	trace('r', q, p, size, UK_HEAP_ALIGN);
	uk_heap_leave(state);
	return q;
}

void uk_heap_free(struct uk_heap *h, void *p)
{
	if (!p)
		return;
	unsigned long state = uk_heap_enter();

	trace('f', p, NULL, 0, 0);
	UK_HEAP_OPS(h)->free(h, p);
	uk_heap_leave(state);
}

size_t uk_heap_usable(struct uk_heap *h, const void *p)
{
	size_t size = 0;

	if (p) {
		unsigned long state = uk_heap_enter();

		size = UK_HEAP_OPS(h)->usable(h, p);
		uk_heap_leave(state);
	}
	return size;
}
