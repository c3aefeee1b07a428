/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Shared by the files of mem/heap. */
#pragma once

#include <stddef.h>

#include <uk/heap.h>

/* An instance and whom it is for: "default", or a word of heap.for=, which ends at a blank. */
struct uk_heap_instance {
	struct uk_heap *heap; /* NULL: free slot */
	const char *label;
};

extern struct uk_heap_instance uk_heap_instances[];

/* Record one operation (option MEM_HEAP_TRACE): op is 'a' alloc, 'f' free, 'r' realloc. p the block, old what it was
 * before realloc. Does nothing unless heap.trace=on. Context: the caller holds the heap's lock. */
void uk_heap_trace(char op, const void *p, const void *old, size_t size, size_t align);

/* Write out what is still buffered. Context: level MEM and later. */
void uk_heap_trace_flush(void);
