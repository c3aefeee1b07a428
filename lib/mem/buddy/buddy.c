/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Binary buddies (K. C. Knowlton, "A fast storage allocator", CACM 1965): blocks of 2^n bytes at multiples of
 * 2^n, halved on demand, joined with their other half when both are free.
 *
 * Memory comes in arenas of 2^n bytes, aligned to that; an arena that is whole again goes back. A new one is a quarter
 * of what the heap has, so that the table of arenas is never long. Every block begins with 16 bytes: its order, its
 * arena's order, whether it is free. A payload with a larger alignment lies further in; the word before each
 * payload holds how far. */

#include <mem/buddy/config.h>

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <uk/assert.h>
#include <uk/base.h>
#include <uk/buddy.h>
#include <uk/page.h>

#define ORDER_MIN 5u    /* 32 bytes: the header and 16 */
#define ORDER_ARENA 16u /* arenas are at least 64 KiB where memory allows */
#define ORDER_MAX 30u
#define HEADER offsetof(struct block, next)

struct block {
	uint8_t order, arena, free;
	uint8_t pad[5];
	uint64_t distance; /* from the header to the payload, if that follows directly */
	struct block *next, *prev;
};

struct arena {
	uintptr_t base; /* 0: free entry */
	size_t order;
};

struct buddy {
	struct uk_heap heap;
	struct uk_heap_stats stats;
	uint32_t orders; /* bit n: free[n] is not empty */
	struct block *free[ORDER_MAX + 1];
	struct arena arenas[]; /* to the end of the page */
};
#define ARENAS ((UK_PAGE_SIZE - sizeof(struct buddy)) / sizeof(struct arena))

static struct buddy *self(struct uk_heap *h)
{
	return (struct buddy *)(void *)h;
}

static uint64_t *distance_word(const void *p)
{
	return (uint64_t *)((uintptr_t)p - sizeof(uint64_t));
}

static struct block *block_of(const void *p)
{
	return (struct block *)((uintptr_t)p - *distance_word(p));
}

static size_t size_of(unsigned order)
{
	return (size_t)1 << order;
}

static void insert(struct buddy *h, struct block *b, unsigned order, unsigned arena)
{
	*b = (struct block){.order = (uint8_t)order, .arena = (uint8_t)arena, .free = 1, .next = h->free[order]};
	if (b->next)
		b->next->prev = b;
	h->free[order] = b;
	h->orders |= 1u << order;
}

static void remove_free(struct buddy *h, struct block *b)
{
	b->free = 0;
	if (b->next)
		b->next->prev = b->prev;
	if (b->prev)
		b->prev->next = b->next;
	else
		h->free[b->order] = b->next;
	if (!h->free[b->order])
		h->orders &= ~(1u << b->order);
}

static struct arena *find_arena(struct buddy *h, uintptr_t base)
{
	for (size_t i = 0; i < ARENAS; i++)
		if (h->arenas[i].base == base)
			return &h->arenas[i];
	return NULL;
}

static bool add_arena(struct buddy *h, unsigned order)
{
	size_t pages = order > UK_PAGE_SHIFT ? size_of(order - UK_PAGE_SHIFT) : 1;
	struct arena *a = find_arena(h, 0);
	void *p = a ? uk_page_alloc_aligned(pages, pages) : NULL;

	if (!p)
		return false;
	*a = (struct arena){.base = (uintptr_t)p, .order = UK_MAX(order, (unsigned)UK_PAGE_SHIFT)};
	h->stats.pages += pages;
	h->stats.pages_peak = UK_MAX(h->stats.pages_peak, h->stats.pages);
	insert(h, p, (unsigned)a->order, (unsigned)a->order);
	return true;
}

static bool grow(struct buddy *h, unsigned order)
{
	unsigned quarter = 61 - (unsigned)__builtin_clzl(h->stats.pages << UK_PAGE_SHIFT);
	unsigned want = UK_MIN(UK_MAX(UK_MAX(order, quarter), ORDER_ARENA), ORDER_MAX);

	for (; want > order; want--)
		if (add_arena(h, want))
			return true;
	return add_arena(h, order);
}

static struct block *take(struct buddy *h, unsigned order)
{
	if (!(h->orders >> order) && !grow(h, order))
		return NULL;
	struct block *b = h->free[order + (unsigned)__builtin_ctz(h->orders >> order)];

	remove_free(h, b);
	while (b->order > order) {
		b->order--;
		insert(h, (struct block *)((uintptr_t)b + size_of(b->order)), b->order, b->arena);
	}
	return b;
}

static void drop_arena(struct buddy *h, struct block *b)
{
	size_t pages = size_of(b->arena - UK_PAGE_SHIFT);

	find_arena(h, (uintptr_t)b)->base = 0;
	h->stats.pages -= pages;
	uk_page_free(b, pages);
}

static void give(struct buddy *h, struct block *b)
{
	unsigned order = b->order, arena = b->arena;

	for (; order < arena; order++) {
		struct block *other = (struct block *)((uintptr_t)b ^ size_of(order));

		if (!other->free || other->order != order)
			break;
		remove_free(h, other);
		b = UK_MIN(b, other);
	}
	b->order = (uint8_t)order;
	if (order == arena && h->stats.used)
		drop_arena(h, b);
	else
		insert(h, b, order, arena);
}

/* The order of the block for a request; above ORDER_MAX if there is none. */
static unsigned order_for(size_t size, size_t align)
{
	size_t offset = UK_MAX(align, HEADER), limit = size_of(ORDER_MAX);

	if (size > limit - HEADER || offset > limit - size)
		return ORDER_MAX + 1;
	return UK_MAX(64 - (unsigned)__builtin_clzl(size + offset - 1), ORDER_MIN);
}

static void count_used(struct buddy *h, size_t more)
{
	h->stats.used += more;
	h->stats.peak = UK_MAX(h->stats.peak, h->stats.used);
}

static void *buddy_alloc(struct uk_heap *heap, size_t size, size_t align)
{
	struct buddy *h = self(heap);
	unsigned order = UK_IS_POW2(align) ? order_for(size, align) : ORDER_MAX + 1;
	struct block *b = order <= ORDER_MAX ? take(h, order) : NULL;

	if (!b) {
		h->stats.failures++;
		return NULL;
	}
	/* Blocks are multiples of their size, so the first aligned address behind the header is this one: */
	void *p = (char *)b + UK_MAX(align, HEADER);

	*distance_word(p) = UK_MAX(align, HEADER);
	h->stats.allocs++;
	count_used(h, size_of(order));
	return p;
}

static void buddy_free(struct uk_heap *heap, void *p)
{
	struct buddy *h = self(heap);
	struct block *b = block_of(p);

	UK_ASSERT(!b->free);
	h->stats.frees++;
	h->stats.used -= size_of(b->order);
	give(h, b);
}

static size_t buddy_usable(struct uk_heap *heap UK_UNUSED, const void *p)
{
	return size_of(block_of(p)->order) - *distance_word(p);
}

/* Double a block in place as long as its upper half is free; false if that does not make it large enough. */
static bool widen(struct buddy *h, struct block *b, unsigned order)
{
	for (unsigned n = b->order; n < order; n++) {
		const struct block *other = (struct block *)((uintptr_t)b ^ size_of(n));

		if (n >= b->arena || other < b || !other->free || other->order != n)
			return false;
	}
	count_used(h, size_of(order) - size_of(b->order));
	for (; b->order < order; b->order++)
		remove_free(h, (struct block *)((uintptr_t)b ^ size_of(b->order)));
	return true;
}

static void narrow(struct buddy *h, struct block *b, unsigned order)
{
	while (b->order > order) {
		b->order--;
		h->stats.used -= size_of(b->order);
		insert(h, (struct block *)((uintptr_t)b + size_of(b->order)), b->order, b->arena);
	}
}

static void *buddy_realloc(struct uk_heap *heap, void *p, size_t size)
{
	struct buddy *h = self(heap);
	struct block *b = block_of(p);
	unsigned order = order_for(size, *distance_word(p));

	if (order <= b->order) {
		narrow(h, b, order);
		return p;
	}
	if (order <= ORDER_MAX && widen(h, b, order))
		return p;
	void *q = buddy_alloc(heap, size, HEADER);

	if (!q)
		return NULL;
	memcpy(q, p, UK_MIN(size, buddy_usable(heap, p)));
	buddy_free(heap, p);
	return q;
}

static void buddy_stats(struct uk_heap *heap, struct uk_heap_stats *s)
{
	*s = self(heap)->stats;
}

static int check_block(const struct block *b, unsigned order)
{
	const struct block *other = (const struct block *)((uintptr_t)b ^ size_of(order));

	if (!b->free || b->order != order || (uintptr_t)b % size_of(order) || (b->next && b->next->prev != b))
		return -EFAULT;
	return order < b->arena && other->free && other->order == order ? -EFAULT : 0;
}

static int buddy_check(struct uk_heap *heap)
{
	struct buddy *h = self(heap);
	size_t bytes = h->stats.used + UK_PAGE_SIZE;

	for (unsigned order = 0; order <= ORDER_MAX; order++) {
		if ((h->orders >> order & 1) != (h->free[order] != NULL))
			return -EFAULT;
		for (const struct block *b = h->free[order]; b; b = b->next, bytes += size_of(order))
			if (check_block(b, order))
				return -EFAULT;
	}
	return bytes == h->stats.pages << UK_PAGE_SHIFT ? 0 : -EFAULT;
}

static int buddy_create(struct uk_heap **heap)
{
	struct buddy *h = uk_page_alloc(1);

	if (!h)
		return -ENOMEM;
	memset(h, 0, UK_PAGE_SIZE);
	h->heap.ops = &uk_buddy_ops;
	h->stats.pages = h->stats.pages_peak = 1;
	*heap = &h->heap;
	return 0;
}

static void buddy_destroy(struct uk_heap *heap)
{
	struct buddy *h = self(heap);

	for (size_t i = 0; i < ARENAS; i++)
		if (h->arenas[i].base)
			uk_page_free((void *)h->arenas[i].base, size_of((unsigned)h->arenas[i].order) >> UK_PAGE_SHIFT);
	uk_page_free(h, 1);
}

const struct uk_heap_ops uk_buddy_ops = {
    .name = "buddy",
    .create = buddy_create,
    .destroy = buddy_destroy,
    .alloc = buddy_alloc,
    .free = buddy_free,
    .realloc = buddy_realloc,
    .usable = buddy_usable,
    .stats = buddy_stats,
    .check = buddy_check,
};
UK_HEAP_PROVIDER(uk_buddy_ops, UK_ENABLED(MEM_BUDDY_DEFAULT));
