/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Heaps: malloc-like allocation over page frames. Several heaps of different kinds can be in one image; each
 * library allocates from the heap chosen for it, through <uk/alloc.h>.
 *
 * This header is for providers (a new folder that fills in struct uk_heap_ops and registers it) and for code that
 * handles heaps as such. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <uk/set.h>

struct uk_heap;

/* Figures of one heap. Fields that a provider does not keep are SIZE_MAX (UINT64_MAX). */
struct uk_heap_stats {
	size_t used;  /* bytes in live blocks, as requested or as rounded up by the provider */
	size_t peak;  /* highest value of used */
	size_t pages; /* pages taken from the page allocator now */
	size_t pages_peak;
	uint64_t allocs, frees, failures; /* calls so far */
};

/* What a provider cannot do. */
enum {
	UK_HEAP_NO_FREE = 1, /* free keeps the memory (bump) */
	UK_HEAP_SINGLE = 2,  /* one instance only: create gives the same one each time, destroy is NULL */
};

/* What a provider implements. `h` is the instance; alignments are powers of two; no function ever blocks.
 * The caller serialises calls on one instance; different instances may be used at the same time. No function may count
 * on being called by the same thread or on the same CPU as another, nor print through core/print. */
struct uk_heap_ops {
	const char *name; /* as on the command line: "tlsf" */
	unsigned traits;  /* UK_HEAP_NO_FREE | ... */

	/* Make an instance over the pages from uk_page_alloc(), growing as needed. 0 and *h, or -ENOMEM. */
	int (*create)(struct uk_heap **h);
	/* Give all its pages back; blocks still live become invalid. NULL if the provider has only one instance. */
	void (*destroy)(struct uk_heap *h);

	/* size bytes at a multiple of align (at least 16 for size >= 16); size 0 gives a unique block. NULL: no memory
	 * left, or align is not a power of two. */
	void *(*alloc)(struct uk_heap *h, size_t size, size_t align);
	/* Give back a block of this heap. p is never NULL here. */
	void (*free)(struct uk_heap *h, void *p);
	/* Resize, moving if need be; the old block stays valid when it fails (NULL). p is never NULL, size never 0.
	 * A block that moves is aligned to 16 only. */
	void *(*realloc)(struct uk_heap *h, void *p, size_t size);
	/* Bytes usable in the block: at least what was requested. */
	size_t (*usable)(struct uk_heap *h, const void *p);
	/* Fill in what the provider knows. */
	void (*stats)(struct uk_heap *h, struct uk_heap_stats *s);
	/* Walk all internal structures: 0, or -EFAULT for the first inconsistency found. Slow: for tests. */
	int (*check)(struct uk_heap *h);
};

/* Every provider's instance begins with this. */
struct uk_heap {
	const struct uk_heap_ops *ops;
};

/* A provider as registered. */
struct uk_heap_provider {
	const struct uk_heap_ops *ops;
	int chosen; /* it is the default heap of the configuration */
};

/* At file scope of a provider: UK_HEAP_PROVIDER(uk_tlsf_ops, UK_ENABLED(MEM_TLSF_DEFAULT)). */
#define UK_HEAP_PROVIDER(object, is_default)                                                                           \
	static const struct uk_heap_provider object##_provider = {&(object), is_default};                              \
	UK_SET_ADD(heap, struct uk_heap_provider, object##_provider)

/* The operations of the provider of this name, or NULL if it is not built in. Context: any. */
const struct uk_heap_ops *uk_heap_find(const char *name);

/* Make an instance of a provider, listed in the statistics under `label` (valid for ever). 0 and *h; -ENOMEM;
 * -ENOSPC if MEM_HEAP_MAX instances exist. A provider that has only one instance gives it every time.
 * The caller owns it until uk_heap_destroy(). Context: level MEM and later, not in an interrupt handler; create and
 * destroy may run at the same time as anything here but a use of the instance that is destroyed. */
int uk_heap_create(const struct uk_heap_ops *ops, const char *label, struct uk_heap **h);

/* End an instance and give all its pages back; NULL, and the instance of UK_HEAP_SINGLE, are left alone. Context: as
 * uk_heap_create(). */
void uk_heap_destroy(struct uk_heap *h);

/* The instance that a library of this name ("net/lwip") allocates from: the one heap.for= gives it, or the default.
 * Never NULL. Context: level MEM and later, once mem/heap is initialised. */
struct uk_heap *uk_heap_for(const char *library);

/* Print a table of all instances on the console, one line each. Context: level MEM and later. */
void uk_heap_report(void);

/* Init entry and exit, level MEM: make the default heap and those of heap.for=; at exit print the statistics where
 * heap.stats=on asks for them. init: 0, -ENOENT without a provider, -ENOMEM. Called once, by core/boot. */
int uk_heap_init(void);
void uk_heap_fini(void);
