/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The heap "mimalloc": mimalloc's own sources, and our operations in the same translation unit, so that its fast paths
 * are inlined into them.
 *
 * There is one instance, and of mimalloc's thread-local heaps there is one for all threads (patches/one-heap.patch).
 *
 * Locking: mem/heap's. Calls never overlap, whichever thread or CPU they come from, so a block may be freed by another
 * thread than the one that took it, and threads come and go without mimalloc's knowledge. */

#include <mem/mimalloc/config.h>

#include "segment.c"
#include "page.c"
#include "heap.c"
#include "alloc.c"
#include "alloc-aligned.c"
#include "init.c"

#include "internal.h"

#include <uk/base.h>
#include <uk/mimalloc.h>

#define ALIGN ((size_t)16)

static struct uk_heap instance = {&uk_mimalloc_ops};
static uint64_t failures;

static void *judge(void *p)
{
	if (uk_unlikely(!p))
		failures++;
	return p;
}

static void *mimalloc_alloc(struct uk_heap *h UK_UNUSED, size_t size, size_t align)
{
	if (uk_likely(align == ALIGN))
		return judge(mi_malloc(UK_MAX(size, ALIGN))); /* blocks of less than 16 bytes are aligned to 8 */
	if (!UK_IS_POW2(align))
		return judge(NULL);
	/* mi_malloc_aligned() of 2.0.9 takes blocks of 256 to 1024 bytes for aligned to their size: they are not. */
	return judge(mi_malloc_aligned_at(size, UK_MAX(align, ALIGN), 0));
}

/* mi_free() is too large for the compiler to inline it on its own; its slow paths are marked noinline. */
static __attribute__((flatten)) void mimalloc_free(struct uk_heap *h UK_UNUSED, void *p)
{
	mi_free(p);
}

static void *mimalloc_realloc(struct uk_heap *h UK_UNUSED, void *p, size_t size)
{
	return judge(mi_realloc(p, UK_MAX(size, ALIGN)));
}

static size_t mimalloc_usable(struct uk_heap *h UK_UNUSED, const void *p)
{
	return mi_usable_size(p);
}

static void mimalloc_stats(struct uk_heap *h UK_UNUSED, struct uk_heap_stats *s)
{
	*s = (struct uk_heap_stats){.used = SIZE_MAX,
				    .peak = SIZE_MAX,
				    .pages = uk_mimalloc_pages,
				    .pages_peak = uk_mimalloc_pages_peak,
				    .allocs = UINT64_MAX,
				    .frees = UINT64_MAX,
				    .failures = failures};
}

static bool area_is_sound(const mi_heap_t *heap UK_UNUSED, const mi_heap_area_t *area, void *block UK_UNUSED,
			  size_t size UK_UNUSED, void *arg UK_UNUSED)
{
	return area->committed <= area->reserved && area->used * area->block_size <= area->committed;
}

static int mimalloc_check(struct uk_heap *h UK_UNUSED)
{
	mi_heap_t *heap = mi_heap_get_default();

	return !heap->page_count || mi_heap_visit_blocks(heap, false, area_is_sound, NULL) ? 0 : -EFAULT;
}

static int mimalloc_create(struct uk_heap **h)
{
	mi_process_init();
	*h = &instance;
	return mi_heap_is_initialized(mi_get_default_heap()) ? 0 : -ENOMEM;
}

const struct uk_heap_ops uk_mimalloc_ops = {
    .name = "mimalloc",
    .traits = UK_HEAP_SINGLE,
    .create = mimalloc_create,
    .alloc = mimalloc_alloc,
    .free = mimalloc_free,
    .realloc = mimalloc_realloc,
    .usable = mimalloc_usable,
    .stats = mimalloc_stats,
    .check = mimalloc_check,
};
UK_HEAP_PROVIDER(uk_mimalloc_ops, UK_ENABLED(MEM_MIMALLOC_DEFAULT));
