/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The heap over the core: requests in bytes, figures, and quick lists (option MEM_TLSF_QUICK).
 *
 * A quick list keeps freed small blocks of one size, last in first out, without coalescing them: most programs
 * ask for the same size again at once. An empty list is filled with a batch cut from one block, a full one gives half
 * back to the core. Blocks in quick lists are used ones as far as the core knows. Without the option every
 * operation goes to the core, in constant time. */

#include "internal.h"

#include <errno.h>
#include <string.h>
#include <uk/assert.h>
#include <uk/page.h>
#include <uk/tlsf.h>

#define ROOM 64u          /* blocks in a quick list at most */
#define BATCH_MAX 32u     /* blocks cut at once at most, and ... */
#define BATCH_BYTES 4096u /* ... bytes */
#define REQUEST_MAX ((UK_PAGE_MAX - 16) << UK_PAGE_SHIFT)

static struct tlsf *self(struct uk_heap *h)
{
	return (struct tlsf *)(void *)h;
}

static void quick_push(struct quick *q, void *p)
{
	*(void **)p = q->top;
	q->top = p;
	q->left--;
}

static void *quick_pop(struct quick *q)
{
	void *p = q->top;

	q->top = *(void **)p;
	q->left++;
	return p;
}

static void quick_drain(struct tlsf *t, struct quick *q, uint32_t left)
{
	while (q->left < left)
		uk_tlsf_give(t, block_of(quick_pop(q)));
}

static void quick_drain_all(struct tlsf *t)
{
	for (size_t i = 0; i < QUICK_LISTS; i++)
		quick_drain(t, &t->quick[i], ROOM);
}

/* Into the list of its size; a block from the end of a batch may be of the next size. */
static void quick_put(struct tlsf *t, struct block *b)
{
	size_t size = size_of(b);

	if (size > QUICK_MAX) {
		uk_tlsf_give(t, b);
		return;
	}
	struct quick *q = &t->quick[size / 16];

	if (!q->left)
		quick_drain(t, q, ROOM / 2);
	quick_push(q, payload_of(b));
}

/* Take a block of a small size, and more of them for the list: the first time none, then twice as many each time. */
static struct block *quick_refill(struct tlsf *t, struct quick *q, size_t size)
{
	size_t stride = size + HEADER / 2, n = q->batch;
	struct block *b = uk_tlsf_take(t, n * stride + size, HEADER), *rest;

	if (!b)
		return NULL;
	q->batch = UK_MIN(UK_MIN(2 * q->batch + 1, BATCH_MAX), (uint32_t)(BATCH_BYTES / stride));
	for (rest = b; n; n--) {
		struct block *next = uk_tlsf_cut(rest, size);

		if (rest != b)
			quick_put(t, rest);
		rest = next;
	}
	if (rest != b)
		quick_put(t, rest);
	return b;
}

static struct block *take_slowly(struct tlsf *t, size_t size, size_t align)
{
	struct block *b = NULL;

	if (UK_ENABLED(MEM_TLSF_QUICK) && size <= QUICK_MAX && align <= HEADER)
		b = quick_refill(t, &t->quick[size / 16], size);
	if (!b)
		b = uk_tlsf_take(t, size, align);
	if (!b && UK_ENABLED(MEM_TLSF_QUICK)) {
		quick_drain_all(t);
		b = uk_tlsf_take(t, size, align);
	}
	return b;
}

static void count_used(struct tlsf *t, size_t more)
{
	t->stats.used += more;
	if (t->stats.used > t->stats.peak)
		t->stats.peak = t->stats.used;
}

static __attribute__((noinline)) void *alloc_slowly(struct tlsf *t, size_t size, size_t align)
{
	struct block *b = NULL;

	if (size <= REQUEST_MAX && align <= REQUEST_MAX && UK_IS_POW2(align))
		b = take_slowly(t, payload_size(size), align);
	if (!b) {
		t->stats.failures++;
		return NULL;
	}
	t->stats.allocs++;
	count_used(t, size_of(b));
	return payload_of(b);
}

static void *tlsf_alloc(struct uk_heap *h, size_t size, size_t align)
{
	struct tlsf *t = self(h);
	size_t payload = payload_size(size);

	/* Other alignments than the usual one are rare, and have to be checked. */
	if (!UK_ENABLED(MEM_TLSF_QUICK) || size > QUICK_MAX || align != HEADER || !t->quick[payload / 16].top)
		return alloc_slowly(t, size, align);
	t->stats.allocs++;
	void *p = quick_pop(&t->quick[payload / 16]);

	count_used(t, size_of(block_of(p)));
	return p;
}

static void tlsf_free(struct uk_heap *h, void *p)
{
	struct tlsf *t = self(h);
	struct block *b = block_of(p);
	size_t size = size_of(b);

	UK_ASSERT(!(b->size & FREE));
	t->stats.frees++;
	t->stats.used -= size;
	if (UK_ENABLED(MEM_TLSF_QUICK))
		quick_put(t, b);
	else
		uk_tlsf_give(t, b);
}

static void *move(struct uk_heap *h, void *p, size_t have, size_t size)
{
	void *q = tlsf_alloc(h, size, HEADER);

	if (!q)
		return NULL;
	memcpy(q, p, UK_MIN(have, size));
	tlsf_free(h, p);
	return q;
}

static void *tlsf_realloc(struct uk_heap *h, void *p, size_t size)
{
	struct tlsf *t = self(h);
	struct block *b = block_of(p);
	size_t have = size_of(b), want = payload_size(size);

	if (size > REQUEST_MAX) {
		t->stats.failures++;
		return NULL;
	}
	if (want == have)
		return p;
	/* Small blocks keep the sizes of the quick lists: cutting them up would only mix the classes. */
	if (UK_ENABLED(MEM_TLSF_QUICK) && want <= QUICK_MAX)
		return want < have && have <= 2 * want ? p : move(h, p, have, size);
	b = uk_tlsf_resize(t, b, want);
	if (!b)
		return move(h, p, have, size);
	t->stats.used -= have;
	count_used(t, size_of(b));
	return payload_of(b);
}

static size_t tlsf_usable(struct uk_heap *h UK_UNUSED, const void *p)
{
	return size_of(block_of(p));
}

static void tlsf_stats(struct uk_heap *h, struct uk_heap_stats *s)
{
	*s = self(h)->stats;
}

static int tlsf_check(struct uk_heap *h)
{
	struct tlsf *t = self(h);

	for (size_t i = 0; i < QUICK_LISTS; i++) {
		size_t n = 0;

		for (void *p = t->quick[i].top; p; p = *(void **)p, n++)
			if (size_of(block_of(p)) != 16 * i + 8 || block_of(p)->size & FREE)
				return -EFAULT;
		if (n + t->quick[i].left != ROOM)
			return -EFAULT;
	}
	return uk_tlsf_walk(t);
}

static int tlsf_create(struct uk_heap **h)
{
	struct tlsf *t = uk_tlsf_make();

	if (!t)
		return -ENOMEM;
	for (size_t i = 0; i < QUICK_LISTS; i++)
		t->quick[i].left = ROOM;
	t->heap.ops = &uk_tlsf_ops;
	*h = &t->heap;
	return 0;
}

static void tlsf_destroy(struct uk_heap *h)
{
	const struct pool *p = self(h)->pools, *next;

	for (; p; p = next) { /* the last pool holds the heap itself */
		next = p->next;
		uk_page_free(p->base, p->pages);
	}
}

const struct uk_heap_ops uk_tlsf_ops = {
    .name = "tlsf",
    .create = tlsf_create,
    .destroy = tlsf_destroy,
    .alloc = tlsf_alloc,
    .free = tlsf_free,
    .realloc = tlsf_realloc,
    .usable = tlsf_usable,
    .stats = tlsf_stats,
    .check = tlsf_check,
};
UK_HEAP_PROVIDER(uk_tlsf_ops, UK_ENABLED(MEM_TLSF_DEFAULT));
