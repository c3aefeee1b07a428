/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Allocation for libraries: malloc's family on the heap chosen for the library that includes this.
 *
 * A block goes back through the same library that took it: another one may have another heap. May be called from
 * init level MEM on (after mem/heap), never in an interrupt handler; nothing blocks. Where the configuration has one
 * provider only, the calls are bound to it, and link-time optimisation makes them direct. */
#pragma once

#include <stddef.h>

#include <mem/heap/config.h>
#include <uk/bind/heap.h>
#include <uk/heap.h>

/* The default heap; valid once mem/heap is initialised. Read it, do not set it. */
extern struct uk_heap *uk_heap_default;

/* A library's source file that allocates, and where it keeps its heap: filled in when mem/heap is initialised. */
struct uk_heap_user {
	const char *library;
	struct uk_heap **heap;
};

#if CONFIG_MEM_HEAP_PER_LIB && defined(UK_LIB)
static struct uk_heap *uk_heap_mine;
static const struct uk_heap_user uk_heap_mine_user __attribute__((unused)) = {UK_LIB, &uk_heap_mine};
UK_SET_ADD(heap_user, struct uk_heap_user, uk_heap_mine_user);
#define UK_HEAP_MINE uk_heap_mine
#else
#define UK_HEAP_MINE uk_heap_default
#endif

#ifdef UK_BIND_HEAP
extern const struct uk_heap_ops UK_BIND_HEAP;
#define UK_HEAP_OPS(h) (&UK_BIND_HEAP)
#else
#define UK_HEAP_OPS(h) ((h)->ops)
#endif

/* The operations on a given heap, with whatever the configuration adds: a lock (MEM_HEAP_LOCK), a record of the
 * operation (MEM_HEAP_TRACE). Arguments and results as in struct uk_heap_ops, but p may be NULL as in C.
 * uk_heap_calloc() clears the memory and is NULL too when n * size overflows.
 * Context: level MEM and later, not in an interrupt handler. */
void *uk_heap_alloc(struct uk_heap *h, size_t size, size_t align);
void *uk_heap_calloc(struct uk_heap *h, size_t n, size_t size);
void *uk_heap_realloc(struct uk_heap *h, void *p, size_t size);
void uk_heap_free(struct uk_heap *h, void *p);
size_t uk_heap_usable(struct uk_heap *h, const void *p);

/* The platform's ABI needs 16; smaller blocks get it too. */
#define UK_HEAP_ALIGN 16

/* size bytes aligned to 16, or NULL. size 0 gives a unique block. Contents unspecified. */
static inline void *uk_malloc(size_t size)
{
	if (CONFIG_MEM_HEAP_SHELL)
		return uk_heap_alloc(UK_HEAP_MINE, size, UK_HEAP_ALIGN);
	return UK_HEAP_OPS(UK_HEAP_MINE)->alloc(UK_HEAP_MINE, size, UK_HEAP_ALIGN);
}

/* The same at a multiple of align; NULL too if align is not a power of two. */
static inline void *uk_memalign(size_t align, size_t size)
{
	if (CONFIG_MEM_HEAP_SHELL)
		return uk_heap_alloc(UK_HEAP_MINE, size, align);
	return UK_HEAP_OPS(UK_HEAP_MINE)->alloc(UK_HEAP_MINE, size, align);
}

/* n * size bytes of zero, or NULL; NULL too if the product overflows. */
static inline void *uk_calloc(size_t n, size_t size)
{
	return uk_heap_calloc(UK_HEAP_MINE, n, size);
}

/* Give a block back; NULL does nothing. */
static inline void uk_free(void *p)
{
	if (CONFIG_MEM_HEAP_SHELL)
		uk_heap_free(UK_HEAP_MINE, p);
	else if (p)
		UK_HEAP_OPS(UK_HEAP_MINE)->free(UK_HEAP_MINE, p);
}

/* Resize a block, moving it if need be; NULL leaves the old one valid. p NULL allocates; size 0 leaves a block of no
 * bytes (it never frees: who wants that of realloc(3) does it above). */
static inline void *uk_realloc(void *p, size_t size)
{
	if (CONFIG_MEM_HEAP_SHELL || !p)
		return uk_heap_realloc(UK_HEAP_MINE, p, size);
	return UK_HEAP_OPS(UK_HEAP_MINE)->realloc(UK_HEAP_MINE, p, size ? size : 1);
}

/* Bytes usable in a block: at least what was asked for; 0 for NULL. */
static inline size_t uk_malloc_usable(const void *p)
{
	return p ? UK_HEAP_OPS(UK_HEAP_MINE)->usable(UK_HEAP_MINE, p) : 0;
}
