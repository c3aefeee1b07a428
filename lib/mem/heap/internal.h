/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Shared by the files of mem/heap. */
#pragma once

#include <stddef.h>

#include <mem/heap/config.h>

#include <uk/base.h>
#include <uk/heap.h>
#include <uk/lock.h>

/* An instance and whom it is for: "default", or a word of heap.for=, which ends at a blank. */
struct uk_heap_instance {
	struct uk_heap *heap; /* NULL: free slot */
	const char *label;
};

extern struct uk_heap_instance uk_heap_instances[];

/* The one lock of mem/heap: around every operation of every instance, the list of instances and the recorder. */
extern struct uk_lock uk_heap_lock;

/* Take it, if operations can overlap at all; returns what uk_heap_leave() wants. Context: not in an interrupt handler.
 */
static inline unsigned long uk_heap_enter(void)
{
	return UK_ENABLED(MEM_HEAP_LOCK) ? uk_lock_acquire_irq(&uk_heap_lock) : 0;
}

/* Give it back. Context: as uk_heap_enter(). */
static inline void uk_heap_leave(unsigned long state)
{
	if (UK_ENABLED(MEM_HEAP_LOCK))
		uk_lock_release_irq(&uk_heap_lock, state);
}

/* Record one operation (option MEM_HEAP_TRACE): op is 'a' alloc, 'f' free, 'r' realloc. p the block, old what it was
 * before realloc. Does nothing unless heap.trace=on. Context: the caller holds the heap's lock. */
void uk_heap_trace(char op, const void *p, const void *old, size_t size, size_t align);

/* Write out what is still buffered. Context: as uk_heap_trace(). */
void uk_heap_trace_flush(void);
