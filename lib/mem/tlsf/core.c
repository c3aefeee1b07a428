/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Two-level segregated fit after M. Masmano, I. Ripoll, A. Crespo, J. Real, "TLSF: a new dynamic memory allocator for
 * real-time systems", ECRTS 2004: free blocks in lists by size class, two levels of bit maps to find the first
 * list that is not empty, immediate coalescing by boundary tags. Every operation takes constant time, except when pages
 * are taken or given back.
 *
 * Invariants: no two neighbouring blocks of a pool are free; a free block is in the list of its size; the bit of a list
 * is set exactly if the list is not empty. */

#include "internal.h"

#include <errno.h>
#include <string.h>
#include <uk/assert.h>
#include <uk/page.h>

#define FIRST_PAGES ((sizeof(struct tlsf) + sizeof(struct pool) + 8192) >> UK_PAGE_SHIFT)
#define GROW_MIN ((size_t)4)   /* pages */
#define GROW_MAX ((size_t)512) /* pages */
#define TRIM_BYTES ((size_t)1 << 20)

struct place {
	unsigned row, column;
};

static unsigned floor_log2(size_t n)
{
	return 63 - (unsigned)__builtin_clzl(n);
}

static struct place place_of(size_t size)
{
	if (size < SMALL)
		return (struct place){0, (unsigned)(size / 16)};
	unsigned log2 = floor_log2(size), row = log2 - SMALL_LOG2 + 1;

	if (row >= ROWS)
		return (struct place){ROWS - 1, COLUMNS - 1};
	return (struct place){row, (unsigned)(size >> (log2 - COLUMN_BITS)) & (COLUMNS - 1)};
}

/* The smallest size such that every block in its list or above is at least `size`. */
static size_t class_up(size_t size)
{
	return size < SMALL ? size : size + ((size_t)1 << (floor_log2(size) - COLUMN_BITS)) - 1;
}

static void list_insert(struct tlsf *t, struct block *b)
{
	struct place at = place_of(size_of(b));
	struct block **list = &t->lists[at.row][at.column];
	struct block *after = block_after(b);

	b->size |= FREE;
	after->size |= BEFORE;
	after->before = b;
	b->prev = NULL;
	b->next = *list;
	if (b->next)
		b->next->prev = b;
	*list = b;
	t->rows |= 1u << at.row;
	t->columns[at.row] |= 1u << at.column;
}

static void list_remove(struct tlsf *t, struct block *b)
{
	struct place at = place_of(size_of(b));

	b->size &= ~(size_t)FREE;
	block_after(b)->size &= ~(size_t)BEFORE;
	if (b->next)
		b->next->prev = b->prev;
	if (b->prev) {
		b->prev->next = b->next;
		return;
	}
	t->lists[at.row][at.column] = b->next;
	if (b->next)
		return;
	t->columns[at.row] &= ~(1u << at.column);
	if (!t->columns[at.row])
		t->rows &= ~(1u << at.row);
}

static struct block *find(struct tlsf *t, size_t size)
{
	struct place at = place_of(class_up(size));
	uint32_t columns = t->columns[at.row] & ~0u << at.column;

	if (!columns) {
		uint32_t rows = t->rows & ~1u << at.row;

		if (!rows)
			return NULL;
		at.row = (unsigned)__builtin_ctz(rows);
		columns = t->columns[at.row];
	}
	struct block *b = t->lists[at.row][__builtin_ctz(columns)];

	return size_of(b) >= size ? b : NULL; /* only the last list can hold smaller ones */
}

struct block *uk_tlsf_cut(struct block *b, size_t size)
{
	size_t whole = size_of(b);

	if (whole < size + HEADER / 2 + SIZE_MIN)
		return NULL;
	b->size = size | (b->size & FLAGS);
	struct block *rest = block_after(b);

	rest->size = whole - size - HEADER / 2;
	return rest;
}

static struct block *pool_end(const struct pool *p)
{
	return (struct block *)((uintptr_t)p->base + (p->pages << UK_PAGE_SHIFT) - HEADER);
}

static void pool_release(struct tlsf *t, struct block *b)
{
	struct pool *p = (struct pool *)(void *)b - 1;

	list_remove(t, b);
	p->next->prev = p->prev; /* the heap's own pool is the last, and stays */
	if (p->prev)
		p->prev->next = p->next;
	else
		t->pools = p->next;
	t->stats.pages -= p->pages;
	uk_page_free(p->base, p->pages);
}

/* The free block b at the end of a pool is large: give most of its pages back, and keep what the next growth would
 * take. */
static void pool_trim(struct tlsf *t, struct block *b, struct block *end)
{
	size_t keep = UK_MAX(t->stats.pages / 8, GROW_MIN), pages = size_of(b) >> UK_PAGE_SHIFT;
	struct pool *p = t->pools;

	if (pages < 2 * keep)
		return;
	while (pool_end(p) != end)
		p = p->next;
	list_remove(t, b);
	p->pages -= pages - keep;
	t->stats.pages -= pages - keep;
	b->size -= (pages - keep) << UK_PAGE_SHIFT;
	pool_end(p)->size = 0;
	list_insert(t, b);
	uk_page_free((char *)p->base + (p->pages << UK_PAGE_SHIFT), pages - keep);
}

/* Join a used block with its free neighbours and put the result into its list. */
static struct block *join(struct tlsf *t, struct block *b)
{
	const struct block *after = block_after(b);

	if (b->size & BEFORE) {
		struct block *before = b->before;

		list_remove(t, before);
		before->size += size_of(b) + HEADER / 2;
		b = before;
	}
	if (after->size & FREE) {
		size_t more = size_of(after) + HEADER / 2;

		list_remove(t, block_after(b));
		b->size += more;
	}
	list_insert(t, b);
	return b;
}

void uk_tlsf_give(struct tlsf *t, struct block *b)
{
	b = join(t, b);
	struct block *after = block_after(b);

	if (size_of(after))
		return;
	if (b->size & FIRST && ((struct pool *)(void *)b - 1)->base != t)
		pool_release(t, b);
	else if (size_of(b) > TRIM_BYTES)
		pool_trim(t, b, after);
}

/* Lay a pool over fresh pages; its header comes `skip` bytes after base. */
static void pool_add(struct tlsf *t, void *base, size_t pages, size_t skip)
{
	struct pool *p = (struct pool *)(void *)((char *)base + skip);
	struct block *b = (struct block *)(void *)(p + 1);

	*p = (struct pool){.next = t->pools, .base = base, .pages = pages};
	if (p->next)
		p->next->prev = p;
	t->pools = p;
	t->stats.pages += pages;
	t->stats.pages_peak = UK_MAX(t->stats.pages_peak, t->stats.pages);
	b->size = ((uintptr_t)pool_end(p) - (uintptr_t)b - HEADER / 2) | FIRST;
	pool_end(p)->size = 0;
	list_insert(t, b);
}

/* Make the growing pool longer; a free block at its end grows with it. */
static bool pool_extend(struct tlsf *t, size_t pages)
{
	struct pool *p = t->pools;
	struct block *end = pool_end(p);

	if (uk_page_extend(p->base, p->pages, pages))
		return false;
	p->pages += pages;
	t->stats.pages += pages;
	t->stats.pages_peak = UK_MAX(t->stats.pages_peak, t->stats.pages);
	end->size = ((pages << UK_PAGE_SHIFT) - HEADER / 2) | (end->size & BEFORE);
	pool_end(p)->size = 0;
	join(t, end);
	return true;
}

static size_t pages_for(size_t bytes)
{
	return (bytes + UK_PAGE_SIZE - 1) >> UK_PAGE_SHIFT;
}

/* Get pages enough for a block of size bytes: rather more than needed and behind the last pool, else what there is. */
static bool grow(struct tlsf *t, size_t size)
{
	const struct block *end = pool_end(t->pools);
	size_t tail = end->size & BEFORE ? size_of(end->before) : 0;
	size_t need = class_up(size) + 2 * HEADER, pages = pages_for(need + sizeof(struct pool));
	size_t step = UK_MIN(UK_MAX(t->stats.pages / 8, GROW_MIN), GROW_MAX);

	need = pages_for(need > tail ? need - tail : 1);
	if (pool_extend(t, UK_MAX(need, step)) || pool_extend(t, need))
		return true;
	void *base = uk_page_alloc(UK_MAX(pages, step));

	if (base)
		pages = UK_MAX(pages, step);
	else
		base = uk_page_alloc(pages);
	if (base)
		pool_add(t, base, pages, 0);
	return base;
}

/* The part of b, a block in no list, whose payload is aligned; what is before it goes into a list. */
static struct block *skip_to(struct tlsf *t, struct block *b, size_t align)
{
	uintptr_t p = (uintptr_t)payload_of(b), aligned = UK_ALIGN_UP(p, align);

	if (aligned == p)
		return b;
	if (aligned - p < HEADER / 2 + SIZE_MIN)
		aligned += align;
	struct block *rest = uk_tlsf_cut(b, aligned - p - HEADER / 2);

	list_insert(t, b);
	return rest;
}

struct block *uk_tlsf_take(struct tlsf *t, size_t size, size_t align)
{
	size_t want = align > HEADER ? size + align + HEADER + SIZE_MIN : size;
	struct block *b = find(t, want);

	if (!b && grow(t, want))
		b = find(t, want);
	if (!b)
		return NULL;
	list_remove(t, b);
	if (align > HEADER)
		b = skip_to(t, b, align);
	struct block *rest = uk_tlsf_cut(b, size);

	if (rest)
		list_insert(t, rest);
	return b;
}

/* If only free memory lies between b and the end of the growing pool, make that long enough for b to have size. */
static void extend_behind(struct tlsf *t, struct block *b, size_t size)
{
	const struct block *after = block_after(b), *end = pool_end(t->pools);
	size_t tail = after->size & FREE ? size_of(after) + HEADER / 2 : 0;

	if (after == end || (tail && block_after(after) == end))
		pool_extend(t, pages_for(size - size_of(b) - tail));
}

/* The bytes that b would gain by taking in the free block after it. */
static size_t gain_after(const struct block *b)
{
	const struct block *after = block_after(b);

	return after->size & FREE ? size_of(after) + HEADER / 2 : 0;
}

/* Enlarge b: forwards, else backwards too. */
static struct block *enlarge(struct tlsf *t, struct block *b, size_t size)
{
	size_t have = size_of(b), gain = gain_after(b);

	if (have + gain < size) {
		extend_behind(t, b, size);
		gain = gain_after(b);
	}
	struct block *before = have + gain < size && b->size & BEFORE ? b->before : NULL;

	if (have + gain < size && (!before || have + gain + size_of(before) + HEADER / 2 < size))
		return NULL;
	if (gain)
		list_remove(t, block_after(b));
	if (!before) {
		b->size += gain;
		return b;
	}
	list_remove(t, before);
	before->size += have + gain + HEADER / 2;
	return memmove(payload_of(before), payload_of(b), have) ? before : NULL;
}

struct block *uk_tlsf_resize(struct tlsf *t, struct block *b, size_t size)
{
	if (size > size_of(b))
		b = enlarge(t, b, size);
	struct block *rest = b ? uk_tlsf_cut(b, size) : NULL;

	if (rest)
		uk_tlsf_give(t, rest);
	return b;
}

struct tlsf *uk_tlsf_make(void)
{
	struct tlsf *t = uk_page_alloc(FIRST_PAGES);

	if (!t)
		return NULL;
	memset(t, 0, sizeof(*t));
	pool_add(t, t, FIRST_PAGES, UK_ALIGN_UP(sizeof(*t), HEADER));
	return t;
}

static int walk_list(const struct tlsf *t, unsigned row, unsigned column, size_t *blocks)
{
	const struct block *b = t->lists[row][column];

	if ((t->columns[row] >> column & 1) != (b != NULL))
		return -EFAULT;
	for (; b; b = b->next, ++*blocks) {
		struct place at = place_of(size_of(b));

		if (at.row != row || at.column != column || (b->next && b->next->prev != b))
			return -EFAULT;
	}
	return 0;
}

static int walk_lists(const struct tlsf *t, size_t *blocks)
{
	for (unsigned row = 0; row < ROWS; row++) {
		if ((t->rows >> row & 1) != (t->columns[row] != 0))
			return -EFAULT;
		for (unsigned column = 0; column < COLUMNS; column++)
			if (walk_list(t, row, column, blocks))
				return -EFAULT;
	}
	return 0;
}

/* Count the free blocks of a pool; -EFAULT if its chain of blocks is broken. */
static int walk_pool(const struct pool *p, size_t *blocks)
{
	const struct block *b = (const struct block *)(const void *)(p + 1), *end = pool_end(p);
	const struct block *free = NULL;

	if (!(b->size & FIRST))
		return -EFAULT;
	for (; b < end; b = block_after(b)) {
		if (size_of(b) % 16 != 8 || !(b->size & BEFORE) != !free || (free && b->before != free))
			return -EFAULT;
		if (free && b->size & FREE)
			return -EFAULT;
		free = b->size & FREE ? b : NULL;
		*blocks += free != NULL;
	}
	return b == end && !(b->size & BEFORE) == !free ? 0 : -EFAULT;
}

int uk_tlsf_walk(struct tlsf *t)
{
	size_t in_pools = 0, in_lists = 0;
	int err = walk_lists(t, &in_lists);

	for (const struct pool *p = t->pools; p && !err; p = p->next)
		err = walk_pool(p, &in_pools);
	return err ? err : in_pools == in_lists ? 0 : -EFAULT;
}
