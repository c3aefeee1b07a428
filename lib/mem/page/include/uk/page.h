/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Page frames: contiguous ranges of the platform's RAM, 4 KiB to 1 GiB, in steps of one page.
 *
 * Everything here may be called from init level MEM on, with interrupts on or masked, but not in an interrupt
 * handler, by any number of threads and CPUs at a time. Nothing blocks. The contents of a range are whatever was there
 * before: nothing is cleared. */
#pragma once

#include <stddef.h>
#include <uk/plat/memory.h>

/* The largest range, in pages: 1 GiB. */
#define UK_PAGE_MAX ((size_t)1 << (30 - UK_PAGE_SHIFT))

/* What the allocator knows, in pages. */
struct uk_page_stats {
	size_t total;    /* managed in all; the allocator's own tables are not in it */
	size_t free;     /* not allocated now; what is kept ready for a CPU is not allocated */
	size_t free_low; /* lowest value of free so far; with several CPUs up to 32 pages for each CPU too high */
	size_t largest;  /* the longest range that one call is sure to get, if aligned to one page */
};

/* A range of pages, or NULL if there is no such range (pages is 0, above UK_PAGE_MAX, or memory is used up). A range
 * is aligned to its size rounded up to a power of two as long as memory is not scarce; who needs it asks for it.
 * The caller owns it until uk_page_free(). */
void *uk_page_alloc(size_t pages);

/* The same at a multiple of align_pages, a power of two (else NULL) of at most UK_PAGE_MAX. */
void *uk_page_alloc_aligned(size_t pages, size_t align_pages);

/* Give back a range, or any part of one: ranges may be given back in other pieces than they were taken. p is
 * page-aligned; pages that are not allocated are the caller's bug. NULL with 0 pages does nothing. */
void uk_page_free(void *p, size_t pages);

/* Make the allocated range that ends at p + pages longer by `more` pages without moving it. 0, or -ENOMEM if the
 * pages behind it are not free: then nothing has changed. */
int uk_page_extend(void *p, size_t pages, size_t more);

/* Fill in the figures. Takes time proportional to the number of RAM regions and of CPUs, which lose what is kept ready
 * for them. */
void uk_page_stats(struct uk_page_stats *s);

/* Walk all free lists, tables and caches: 0, or -EFAULT for the first inconsistency. Slow: for tests. */
int uk_page_check(void);

/* Init entry, level MEM: take over the platform's RAM. 0, or -ENOMEM if there is none. Called once, by core/boot. */
int uk_page_init(void);
