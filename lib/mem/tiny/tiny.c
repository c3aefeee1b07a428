/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* First fit over one list of free blocks in order of addresses, for the smallest code: allocating and freeing take
 * time proportional to the number of free blocks.
 *
 * Every block, free or used, begins with its size in bytes, header included, a multiple of 16; the payload follows. The
 * list begins in the heap itself. Invariant: neighbouring free blocks are merged. Chunks of pages that happen to
 * be neighbours merge too, so the heap remembers its pages in a list of their own, in the first 16 bytes of each. */

#include <mem/tiny/config.h>

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <uk/assert.h>
#include <uk/base.h>
#include <uk/page.h>
#include <uk/tiny.h>

#define GROW_PAGES ((size_t)4)
#define HEADER sizeof(struct block)
#define REQUEST_MAX ((UK_PAGE_MAX - 1) << UK_PAGE_SHIFT)

struct block {
	size_t size;
	struct block *next; /* of a free block */
};

struct chunk {
	struct chunk *next;
	size_t pages;
};

struct tiny {
	struct uk_heap heap;
	struct uk_heap_stats stats;
	struct block *free;
	struct chunk *chunks; /* newest first */
};

static struct tiny *self(struct uk_heap *h)
{
	return (struct tiny *)(void *)h;
}

static struct block *at(const void *p, size_t offset)
{
	return (struct block *)((uintptr_t)p + offset);
}

static struct block *block_of(const void *p)
{
	return (struct block *)((uintptr_t)p - HEADER);
}

/* Put a block in its place in the list and merge it with its neighbours. */
static void give(struct tiny *t, struct block *b)
{
	struct block *before = NULL, *after = t->free;

	for (; after && after < b; after = after->next)
		before = after;
	UK_ASSERT(after != b);
	b->next = after;
	if (after && at(b, b->size) == after) {
		b->size += after->size;
		b->next = after->next;
	}
	if (before && at(before, before->size) == b) {
		before->size += b->size;
		before->next = b->next;
	} else if (before) {
		before->next = b;
	} else {
		t->free = b;
	}
}

static void cut(struct tiny *t, struct block *b, size_t size)
{
	struct block *rest = at(b, size);

	if (b->size < size + 2 * HEADER)
		return;
	rest->size = b->size - size;
	b->size = size;
	give(t, rest);
}

/* The first free block with room for size bytes at `align`, out of the list; what is before the place stays in it. */
static struct block *take(struct tiny *t, size_t size, size_t align)
{
	for (struct block **link = &t->free, *b; (b = *link); link = &b->next) {
		size_t gap = UK_ALIGN_UP((uintptr_t)b + HEADER, align) - (uintptr_t)b - HEADER;

		if (b->size < gap + size)
			continue;
		if (!gap) {
			*link = b->next;
			return b;
		}
		struct block *rest = at(b, gap); /* a gap is at least 16 bytes: a block */

		rest->size = b->size - gap;
		b->size = gap;
		return rest;
	}
	return NULL;
}

static bool add_chunk(struct tiny *t, size_t pages)
{
	struct chunk *c = uk_page_alloc(pages);
	struct block *b = at(c, sizeof(*c));

	if (!c)
		return false;
	*c = (struct chunk){.next = t->chunks, .pages = pages};
	t->chunks = c;
	t->stats.pages += pages;
	t->stats.pages_peak = t->stats.pages;
	b->size = (pages << UK_PAGE_SHIFT) - sizeof(*c);
	give(t, b);
	return true;
}

static bool grow(struct tiny *t, size_t bytes)
{
	size_t pages = (bytes + sizeof(struct chunk) + UK_PAGE_SIZE - 1) >> UK_PAGE_SHIFT;

	return add_chunk(t, UK_MAX(pages, GROW_PAGES)) || add_chunk(t, pages);
}

/* What a request takes, header included. */
static size_t block_size(size_t n)
{
	return UK_ALIGN_UP(UK_MAX(n, (size_t)1), HEADER) + HEADER;
}

static void count_used(struct tiny *t, size_t more)
{
	t->stats.used += more;
	t->stats.peak = UK_MAX(t->stats.peak, t->stats.used);
}

static void *tiny_alloc(struct uk_heap *h, size_t size, size_t align)
{
	struct tiny *t = self(h);
	struct block *b = NULL;

	if (size <= REQUEST_MAX && align <= REQUEST_MAX && UK_IS_POW2(align)) {
		align = UK_MAX(align, HEADER);
		b = take(t, block_size(size), align);
		if (!b && grow(t, block_size(size) + (align > HEADER ? align : 0)))
			b = take(t, block_size(size), align);
	}
	if (!b) {
		t->stats.failures++;
		return NULL;
	}
	cut(t, b, block_size(size));
	t->stats.allocs++;
	count_used(t, b->size);
	return at(b, HEADER);
}

static void tiny_free(struct uk_heap *h, void *p)
{
	struct tiny *t = self(h);

	t->stats.frees++;
	t->stats.used -= block_of(p)->size;
	give(t, block_of(p));
}

/* Take in the free block right behind b, if there is one that makes it long enough. */
static void absorb(struct tiny *t, struct block *b, size_t size)
{
	struct block **link = &t->free;

	while (*link && *link < b)
		link = &(*link)->next;
	if (*link && *link == at(b, b->size) && b->size + (*link)->size >= size) {
		b->size += (*link)->size;
		*link = (*link)->next;
	}
}

static void *tiny_realloc(struct uk_heap *h, void *p, size_t size)
{
	struct tiny *t = self(h);
	struct block *b = block_of(p);
	size_t have = b->size, want = block_size(size);

	if (size <= REQUEST_MAX && want > have)
		absorb(t, b, want);
	if (size <= REQUEST_MAX && want <= b->size) {
		cut(t, b, want);
		count_used(t, b->size - have);
		return p;
	}
	void *q = tiny_alloc(h, size, HEADER);

	if (!q)
		return NULL;
	memcpy(q, p, have - HEADER);
	tiny_free(h, p);
	return q;
}

static size_t tiny_usable(struct uk_heap *h UK_UNUSED, const void *p)
{
	return block_of(p)->size - HEADER;
}

static void tiny_stats(struct uk_heap *h, struct uk_heap_stats *s)
{
	*s = self(h)->stats;
}

static int tiny_check(struct uk_heap *h)
{
	const struct tiny *t = self(h);
	size_t pages = 0, free = 0;

	for (const struct block *b = t->free; b; b = b->next) {
		free += b->size;
		if (!b->size || b->size % HEADER || (b->next && b->next <= at(b, b->size)))
			return -EFAULT;
	}
	for (const struct chunk *c = t->chunks; c; c = c->next) {
		pages += c->pages;
		free += sizeof(*c);
	}
	free += sizeof(*t) + t->stats.used;
	return pages == t->stats.pages && free == pages << UK_PAGE_SHIFT ? 0 : -EFAULT;
}

static int tiny_create(struct uk_heap **h)
{
	struct tiny first = {.heap.ops = &uk_tiny_ops};

	_Static_assert(sizeof(first) % HEADER == 0, "the heap is cut from its first block");
	if (!add_chunk(&first, 1))
		return -ENOMEM;
	struct tiny *t = (struct tiny *)(void *)first.free;

	first.free = at(t, sizeof(first));
	first.free->size = UK_PAGE_SIZE - sizeof(struct chunk) - sizeof(first);
	first.free->next = NULL;
	*t = first;
	*h = &t->heap;
	return 0;
}

static void tiny_destroy(struct uk_heap *h)
{
	struct chunk *c = self(h)->chunks, *next;

	for (; c; c = next) { /* the last one holds the heap itself */
		next = c->next;
		uk_page_free(c, c->pages);
	}
}

const struct uk_heap_ops uk_tiny_ops = {
    .name = "tiny",
    .create = tiny_create,
    .destroy = tiny_destroy,
    .alloc = tiny_alloc,
    .free = tiny_free,
    .realloc = tiny_realloc,
    .usable = tiny_usable,
    .stats = tiny_stats,
    .check = tiny_check,
};
UK_HEAP_PROVIDER(uk_tiny_ops, UK_ENABLED(MEM_TINY_DEFAULT));
