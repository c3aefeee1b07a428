/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Two-level segregated fit: the structures shared by the core (core.c) and the heap in front of it (tlsf.c).
 *
 * A pool is a range of pages: its header, then blocks without gaps, then a used block of size 0 that ends it. A block's
 * payload reaches over the `before` word of the next block, which is only valid while the former is free: a
 * used block costs 8 bytes. Payload sizes are 8 modulo 16, at least 24; the low bits of the size word are flags. */
#pragma once

#include <mem/tlsf/config.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uk/base.h>
#include <uk/heap.h>

#define FREE 1u   /* this block is free */
#define BEFORE 2u /* the block before is free */
#define FIRST 4u  /* the pool's header is before this block */
#define FLAGS (FREE | BEFORE | FIRST)

struct block {
	struct block *before; /* valid if BEFORE */
	size_t size;
	struct block *next, *prev; /* in the free list, if FREE */
};
#define HEADER offsetof(struct block, next)
#define SIZE_MIN ((size_t)24)

struct pool {
	struct pool *next, *prev;
	void *base; /* of the pages */
	size_t pages;
};

/* Sizes below SMALL have a list each; above, every power of two is cut into COLUMNS lists. */
#define COLUMN_BITS 5
#define COLUMNS (1u << COLUMN_BITS)
#define SMALL ((size_t)COLUMNS * 16)
#define SMALL_LOG2 9
#define ROWS (30 - SMALL_LOG2 + 2) /* the last list takes everything from 1 GiB up */

/* Blocks up to this payload pass through the quick lists; list i holds payloads 16 * i + 8. */
#define QUICK_MAX ((size_t)1032)
#define QUICK_LISTS (QUICK_MAX / 16 + 1)

struct quick {
	void *top;      /* each block's payload begins with the pointer to the next */
	uint32_t left;  /* room in the list */
	uint32_t batch; /* blocks that the next refill cuts */
};

struct tlsf {
	struct uk_heap heap;
	struct uk_heap_stats stats;
	struct quick quick[QUICK_LISTS];
	uint32_t rows;
	uint32_t columns[ROWS];
	struct block *lists[ROWS][COLUMNS];
	struct pool *pools; /* the one that grows first */
};

static inline struct block *block_of(const void *payload)
{
	return (struct block *)((uintptr_t)payload - HEADER);
}

static inline void *payload_of(struct block *b)
{
	return (char *)b + HEADER;
}

static inline size_t size_of(const struct block *b)
{
	return b->size & ~(size_t)FLAGS;
}

static inline struct block *block_after(const struct block *b)
{
	return (struct block *)((uintptr_t)b + sizeof(b->size) + size_of(b));
}

/* The payload for a request of n bytes. */
static inline size_t payload_size(size_t n)
{
	return n <= SIZE_MIN ? SIZE_MIN : ((n + 7) & ~(size_t)15) + 8;
}

/* The core. Sizes are payload sizes; nothing is counted in stats but pages. Contexts are those of the heap's calls.
 *
 * Take a block of at least size bytes whose payload is a multiple of align, growing the heap if need be; NULL. */
struct block *uk_tlsf_take(struct tlsf *t, size_t size, size_t align);
/* Give a used block back. */
void uk_tlsf_give(struct tlsf *t, struct block *b);
/* Make a used block at least size bytes long where it is, or by moving into the free block before it (content
 * included): the block, or NULL if that is impossible. A smaller size cuts its end off. */
struct block *uk_tlsf_resize(struct tlsf *t, struct block *b, size_t size);
/* Cut the used block b down to size bytes and return what is left of it as a used block, NULL if that is too little. */
struct block *uk_tlsf_cut(struct block *b, size_t size);
/* Make a heap in fresh pages, or NULL. */
struct tlsf *uk_tlsf_make(void);
/* Walk pools and lists: 0 or -EFAULT. */
int uk_tlsf_walk(struct tlsf *t);
