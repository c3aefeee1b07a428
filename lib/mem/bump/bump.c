/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* A pointer that moves up through pages. Nothing is ever freed, except by destroying the heap; the block at the
 * end is resized in place.
 *
 * Blocks have their size in the word before the payload. Chunks of pages form a list; only the newest is used. */

#include <mem/bump/config.h>

#include <errno.h>
#include <string.h>
#include <uk/base.h>
#include <uk/bump.h>
#include <uk/page.h>

#define GROW_PAGES ((size_t)16)
#define WORD sizeof(size_t)
#define REQUEST_MAX (UK_PAGE_MAX << UK_PAGE_SHIFT)

struct chunk {
	struct chunk *next;
	size_t pages;
};

struct bump {
	struct uk_heap heap;
	struct uk_heap_stats stats;
	struct chunk *chunk;
	uintptr_t top, end; /* of the newest chunk: where the next block's payload may begin, less a word; its end */
};

static struct bump *self(struct uk_heap *h)
{
	return (struct bump *)(void *)h;
}

static size_t *size_word(const void *p)
{
	return (size_t *)((uintptr_t)p - WORD);
}

static size_t pages_for(size_t bytes)
{
	return (bytes + UK_PAGE_SIZE - 1) >> UK_PAGE_SHIFT;
}

static void count_pages(struct bump *b, size_t pages)
{
	b->stats.pages += pages;
	b->stats.pages_peak = b->stats.pages;
}

/* Make the newest chunk longer by at least `bytes`. */
static int extend(struct bump *b, size_t bytes)
{
	size_t need = pages_for(bytes), more = UK_MAX(need, GROW_PAGES);

	if (uk_page_extend(b->chunk, b->chunk->pages, more)) {
		more = need;
		if (uk_page_extend(b->chunk, b->chunk->pages, more))
			return -ENOMEM;
	}
	b->chunk->pages += more;
	b->end += more << UK_PAGE_SHIFT;
	count_pages(b, more);
	return 0;
}

static int add_chunk(struct bump *b, size_t bytes)
{
	size_t need = pages_for(bytes + sizeof(struct chunk) + WORD), pages = UK_MAX(need, GROW_PAGES);
	struct chunk *c = uk_page_alloc(pages);

	if (!c)
		c = uk_page_alloc(pages = need);
	if (!c)
		return -ENOMEM;
	*c = (struct chunk){.next = b->chunk, .pages = pages};
	b->chunk = c;
	b->top = (uintptr_t)(c + 1);
	b->end = (uintptr_t)c + (pages << UK_PAGE_SHIFT);
	count_pages(b, pages);
	return 0;
}

static uintptr_t place(const struct bump *b, size_t align)
{
	return UK_ALIGN_UP(b->top + WORD, align);
}

static void *bump_alloc(struct uk_heap *h, size_t size, size_t align)
{
	struct bump *b = self(h);

	if (!UK_IS_POW2(align) || size > REQUEST_MAX || align > REQUEST_MAX)
		goto fail;
	align = UK_MAX(align, 2 * WORD);
	uintptr_t p = place(b, align);

	if (p + size > b->end) {
		if (extend(b, p + size - b->end) && add_chunk(b, size + align))
			goto fail;
		p = place(b, align);
	}
	b->top = p + UK_MAX(size, (size_t)1);
	*size_word((void *)p) = size;
	b->stats.allocs++;
	b->stats.used += size;
	b->stats.peak = b->stats.used;
	return (void *)p;
fail:
	b->stats.failures++;
	return NULL;
}

static void bump_free(struct uk_heap *h, void *p UK_UNUSED)
{
	self(h)->stats.frees++;
}

static void *bump_realloc(struct uk_heap *h, void *p, size_t size)
{
	struct bump *b = self(h);
	size_t *have = size_word(p);

	if ((uintptr_t)p + *have == b->top && size <= REQUEST_MAX &&
	    ((uintptr_t)p + size <= b->end || !extend(b, (uintptr_t)p + size - b->end))) {
		b->top = (uintptr_t)p + size;
		b->stats.used += size - *have;
		b->stats.peak = UK_MAX(b->stats.peak, b->stats.used);
		*have = size;
	}
	if (size <= *have)
		return p;
	void *q = bump_alloc(h, size, 2 * WORD);

	return q ? memcpy(q, p, *have) : NULL;
}

static size_t bump_usable(struct uk_heap *h UK_UNUSED, const void *p)
{
	return *size_word(p);
}

static void bump_stats(struct uk_heap *h, struct uk_heap_stats *s)
{
	*s = self(h)->stats;
}

static int bump_check(struct uk_heap *h)
{
	const struct bump *b = self(h);
	size_t pages = 0;

	for (const struct chunk *c = b->chunk; c; c = c->next)
		pages += c->pages;
	return pages == b->stats.pages && b->top <= b->end ? 0 : -EFAULT;
}

static int bump_create(struct uk_heap **h)
{
	struct bump first = {.heap.ops = &uk_bump_ops};

	if (add_chunk(&first, sizeof(first)))
		return -ENOMEM;
	struct bump *b = (struct bump *)first.top;

	first.top += sizeof(first);
	*b = first;
	*h = &b->heap;
	return 0;
}

static void bump_destroy(struct uk_heap *h)
{
	struct chunk *c = self(h)->chunk, *next;

	for (; c; c = next) { /* the last one holds the heap itself */
		next = c->next;
		uk_page_free(c, c->pages);
	}
}

const struct uk_heap_ops uk_bump_ops = {
    .name = "bump",
    .traits = UK_HEAP_NO_FREE,
    .create = bump_create,
    .destroy = bump_destroy,
    .alloc = bump_alloc,
    .free = bump_free,
    .realloc = bump_realloc,
    .usable = bump_usable,
    .stats = bump_stats,
    .check = bump_check,
};
UK_HEAP_PROVIDER(uk_bump_ops, UK_ENABLED(MEM_BUMP_DEFAULT));
