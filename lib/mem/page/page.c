/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Buddy allocator for page frames (Knowlton 1965), with one addition: of each RAM region, the part above `cursor` has
 * never been handed out, or has come back as a whole, and is not in the free lists.
 *
 * Invariants
 *  - A free block of order n is 2^n pages at a multiple of 2^n, lies below its region's cursor, is in free_list[n],
 *    has its `head` bit set, and its first page begins with struct block. No other page of it is ever touched, so
 *    lazily populated RAM stays unpopulated, and the tables cost one bit a page.
 *  - No two free blocks that are buddies, and no free block that ends at the cursor, exist.
 *  - orders has bit n set exactly if free_list[n] is not empty.
 *
 * Locking: one lock around everything; sections are short. Where there are several CPUs, each has a cache of single
 * pages in front of it, with a lock of its own, so that others can empty it when memory is short: to the allocator
 * cached pages are allocated ones. A cache's lock is taken before the lock, several caches' in the order of the CPUs.
 * The list of regions does not change after the init entry. */

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <uk/assert.h>
#include <uk/base.h>
#include <uk/lock.h>
#include <uk/page.h>

#define ORDERS (30 - UK_PAGE_SHIFT + 1)

struct block {
	struct block *next, *prev;
	unsigned order;
};

/* At the start of each region; frame numbers are addresses divided by the page size. */
struct region {
	struct region *next;
	size_t first, cursor, end;
	uint64_t head[];
};

#define CACHE_PAGES 32 /* that a CPU keeps at most; half of them come and go at a time */

struct cache {
	struct uk_lock lock;
	unsigned count;
	void *page[CACHE_PAGES];
} UK_ALIGNED(64);

static struct cache caches[UK_CPUS];
static struct uk_lock lock = UK_LOCK_INIT;
static struct region *regions;
static struct block *free_list[ORDERS];
static uint32_t orders;
static size_t total_pages, free_pages, free_low;

static size_t frame_of(const void *p)
{
	return (uintptr_t)p >> UK_PAGE_SHIFT;
}

static void *frame_ptr(size_t frame)
{
	return (void *)(frame << UK_PAGE_SHIFT);
}

static unsigned floor_log2(size_t n)
{
	return 63 - (unsigned)__builtin_clzl(n);
}

static unsigned ceil_log2(size_t n)
{
	return n == 1 ? 0 : floor_log2(n - 1) + 1;
}

static struct region *region_of(size_t frame)
{
	struct region *r = regions;

	while (r && (frame < r->first || frame >= r->end))
		r = r->next;
	return r;
}

static bool is_head(const struct region *r, size_t frame)
{
	size_t i = frame - r->first;

	return r->head[i / 64] >> (i % 64) & 1;
}

static void flip_head(struct region *r, size_t frame)
{
	size_t i = frame - r->first;

	r->head[i / 64] ^= (uint64_t)1 << (i % 64);
}

/* Is the free block at this frame, if any, exactly of this order? */
static bool is_free_block(const struct region *r, size_t frame, unsigned order)
{
	const struct block *b = frame_ptr(frame);

	return frame >= r->first && frame < r->cursor && is_head(r, frame) && b->order == order;
}

static void block_insert(struct region *r, size_t frame, unsigned order)
{
	struct block *b = frame_ptr(frame);

	*b = (struct block){.next = free_list[order], .order = order};
	if (b->next)
		b->next->prev = b;
	free_list[order] = b;
	orders |= 1u << order;
	flip_head(r, frame);
}

static void block_remove(struct region *r, struct block *b)
{
	if (b->next)
		b->next->prev = b->prev;
	if (b->prev)
		b->prev->next = b->next;
	else
		free_list[b->order] = b->next;
	if (!free_list[b->order])
		orders &= ~(1u << b->order);
	flip_head(r, frame_of(b));
}

/* The cursor has moved down: take in the free blocks that now end at it. */
static void retract(struct region *r)
{
	unsigned order = 0;

	while (order < ORDERS) {
		size_t size = (size_t)1 << order, frame = r->cursor - size;

		if (r->cursor >= size && r->cursor % size == 0 && is_free_block(r, frame, order)) {
			block_remove(r, frame_ptr(frame));
			r->cursor = frame;
			order = 0;
		} else {
			order++;
		}
	}
}

static void release_block(struct region *r, size_t frame, unsigned order)
{
	for (; order < ORDERS - 1; order++) {
		size_t buddy = frame ^ (size_t)1 << order;

		if (!is_free_block(r, buddy, order))
			break;
		block_remove(r, frame_ptr(buddy));
		frame = UK_MIN(frame, buddy);
	}
	if (frame + ((size_t)1 << order) == r->cursor) {
		r->cursor = frame;
		retract(r);
	} else {
		block_insert(r, frame, order);
	}
}

/* Put [frame, end), below the cursor, into the free lists, cut into the largest aligned blocks. */
static void release(struct region *r, size_t frame, size_t end)
{
	while (frame < end) {
		unsigned order = UK_MIN(floor_log2(end - frame), (unsigned)ORDERS - 1);

		if (frame)
			order = UK_MIN(order, (unsigned)__builtin_ctzl(frame));
		release_block(r, frame, order);
		frame += (size_t)1 << order;
	}
}

static void *take_block(size_t pages, unsigned order)
{
	uint32_t fit = orders >> order;

	if (!fit)
		return NULL;
	struct block *b = free_list[order + (unsigned)__builtin_ctz(fit)];
	size_t frame = frame_of(b);
	struct region *r = region_of(frame);

	block_remove(r, b);
	release(r, frame + pages, frame + ((size_t)1 << b->order));
	return b;
}

static void *take_fresh(size_t pages, size_t align)
{
	for (struct region *r = regions; r; r = r->next) {
		size_t old = r->cursor, frame = UK_ALIGN_UP(old, align);

		if (frame > r->end || r->end - frame < pages)
			continue;
		r->cursor = frame + pages;
		release(r, old, frame);
		return frame_ptr(frame);
	}
	return NULL;
}

/* Pages have been taken: is that the least so far that is free? */
static void account(size_t taken)
{
	size_t now = free_pages -= taken;

	if (now >= free_low)
		return;
	for (unsigned i = 0; UK_SMP && i < UK_CPUS; i++)
		now += __atomic_load_n(&caches[i].count, __ATOMIC_RELAXED);
	free_low = UK_MIN(free_low, now);
}

static void *take(size_t pages, size_t align_pages)
{
	unsigned order = ceil_log2(UK_MAX(pages, align_pages));
	void *p = take_block(pages, order);

	if (!p)
		p = take_fresh(pages, (size_t)1 << order);
	if (!p) /* a block of half the size may do, and the natural alignment is not promised */
		p = take_fresh(pages, align_pages);
	if (p)
		account(pages);
	return p;
}

static void give(void *p, size_t pages)
{
	size_t frame = frame_of(p);
	struct region *r = region_of(frame);

	UK_ASSERT((uintptr_t)p % UK_PAGE_SIZE == 0);
	UK_ASSERT(r && frame + pages <= r->cursor);
	release(r, frame, frame + pages);
	free_pages += pages;
}

static void set_count(struct cache *c, unsigned count)
{
	__atomic_store_n(&c->count, count, __ATOMIC_RELAXED); /* others look at it without the lock */
}

/* Give pages back until only `keep` are left. */
static void cache_shrink(struct cache *c, unsigned keep)
{
	uk_lock_acquire(&lock);
	for (; c->count > keep; set_count(c, c->count - 1))
		give(c->page[c->count - 1], 1);
	uk_lock_release(&lock);
}

static void cache_grow(struct cache *c)
{
	void *p;

	uk_lock_acquire(&lock);
	while (c->count < CACHE_PAGES / 2 && (p = take(1, 1))) {
		c->page[c->count] = p;
		set_count(c, c->count + 1);
	}
	uk_lock_release(&lock);
}

static void *cache_take(void)
{
	unsigned long state = uk_plat_irq_save();
	struct cache *c = &caches[uk_plat_cpu()];
	void *p = NULL;

	uk_lock_acquire(&c->lock);
	if (!c->count)
		cache_grow(c);
	if (c->count) {
		p = c->page[c->count - 1];
		set_count(c, c->count - 1);
	}
	uk_lock_release_irq(&c->lock, state);
	return p;
}

static void cache_give(void *p)
{
	const struct region *r = region_of(frame_of(p));
	unsigned long state = uk_plat_irq_save();
	struct cache *c = &caches[uk_plat_cpu()];

	UK_ASSERT((uintptr_t)p % UK_PAGE_SIZE == 0);
	UK_ASSERT(r && frame_of(p) < __atomic_load_n(&r->cursor, __ATOMIC_RELAXED)); /* never below what is allocated */
	uk_lock_acquire(&c->lock);
	if (c->count == CACHE_PAGES)
		cache_shrink(c, CACHE_PAGES / 2);
	c->page[c->count] = p;
	set_count(c, c->count + 1);
	uk_lock_release_irq(&c->lock, state);
}

/* Keep all CPUs from their caches, and the lock: then what is cached can be counted and taken away. */
static unsigned long acquire_all(void)
{
	unsigned long state = uk_plat_irq_save();

	for (unsigned i = 0; UK_SMP && i < UK_CPUS; i++)
		uk_lock_acquire(&caches[i].lock);
	uk_lock_acquire(&lock);
	return state;
}

static void release_all(unsigned long state)
{
	uk_lock_release(&lock);
	for (unsigned i = UK_CPUS; UK_SMP && i-- > 0;)
		uk_lock_release(&caches[i].lock);
	uk_plat_irq_restore(state);
}

/* The same with the caches emptied. */
static unsigned long acquire_drained(void)
{
	unsigned long state = acquire_all();

	for (unsigned i = 0; UK_SMP && i < UK_CPUS; i++)
		for (; caches[i].count; set_count(&caches[i], caches[i].count - 1))
			give(caches[i].page[caches[i].count - 1], 1);
	return state;
}

void *uk_page_alloc_aligned(size_t pages, size_t align_pages)
{
	unsigned long state;
	void *p = NULL;

	if (!pages || pages > UK_PAGE_MAX || !UK_IS_POW2(align_pages) || align_pages > UK_PAGE_MAX)
		return NULL;
	if (UK_SMP && pages == 1 && align_pages == 1)
		p = cache_take();
	if (p)
		return p;
	state = uk_lock_acquire_irq(&lock);
	p = take(pages, align_pages);
	uk_lock_release_irq(&lock, state);
	if (!UK_SMP || p)
		return p;
	state = acquire_drained();
	p = take(pages, align_pages);
	release_all(state);
	return p;
}

void *uk_page_alloc(size_t pages)
{
	return uk_page_alloc_aligned(pages, 1);
}

void uk_page_free(void *p, size_t pages)
{
	unsigned long state;

	if (!pages)
		return;
	if (UK_SMP && pages == 1) {
		cache_give(p);
		return;
	}
	state = uk_lock_acquire_irq(&lock);
	give(p, pages);
	uk_lock_release_irq(&lock, state);
}

/* Are [frame, end) all free? What begins behind an allocated page is a whole block or the fresh part. */
static bool range_is_free(const struct region *r, size_t frame, size_t end)
{
	while (frame < end) {
		const struct block *b = frame_ptr(frame);

		if (frame == r->cursor)
			return end <= r->end;
		if (frame > r->cursor || !is_head(r, frame))
			return false;
		frame += (size_t)1 << b->order;
	}
	return true;
}

static void take_range(struct region *r, size_t frame, size_t end)
{
	while (frame < end) {
		if (frame == r->cursor) {
			r->cursor = end;
			return;
		}
		struct block *b = frame_ptr(frame);

		block_remove(r, b);
		frame += (size_t)1 << b->order;
	}
	release(r, end, frame);
}

static int extend(void *p, size_t pages, size_t more)
{
	size_t frame = frame_of(p) + pages;
	struct region *r = region_of(frame - 1);

	UK_ASSERT(r && pages && frame <= r->cursor);
	if (more > r->end - frame || !range_is_free(r, frame, frame + more))
		return -ENOMEM;
	take_range(r, frame, frame + more);
	account(more);
	return 0;
}

int uk_page_extend(void *p, size_t pages, size_t more)
{
	unsigned long state = uk_lock_acquire_irq(&lock);
	int err = extend(p, pages, more);

	uk_lock_release_irq(&lock, state);
	if (!UK_SMP || !err)
		return err;
	state = acquire_drained();
	err = extend(p, pages, more);
	release_all(state);
	return err;
}

void uk_page_stats(struct uk_page_stats *s)
{
	unsigned long state = acquire_drained();

	account(0);

	*s = (struct uk_page_stats){.total = total_pages, .free = free_pages, .free_low = free_low};
	if (orders)
		s->largest = (size_t)1 << floor_log2(orders);
	for (const struct region *r = regions; r; r = r->next)
		s->largest = UK_MAX(s->largest, UK_MIN(r->end - r->cursor, UK_PAGE_MAX));
	release_all(state);
}

static size_t count_heads(const struct region *r)
{
	size_t n = 0;

	for (size_t i = 0; i < (r->cursor - r->first + 63) / 64; i++)
		n += (size_t)__builtin_popcountll(r->head[i]);
	return n;
}

static bool block_is_sound(const struct block *b, unsigned order)
{
	size_t frame = frame_of(b), size = (size_t)1 << order;
	const struct region *r = region_of(frame);

	return r && frame % size == 0 && is_free_block(r, frame, order) && frame + size < r->cursor &&
	       (order == ORDERS - 1 || !is_free_block(r, frame ^ size, order)) && (!b->next || b->next->prev == b);
}

static int check_locked(void)
{
	size_t pages = 0, blocks = 0;

	for (unsigned order = 0; order < ORDERS; order++) {
		if ((orders >> order & 1) != (free_list[order] != NULL))
			return -EFAULT;
		for (const struct block *b = free_list[order]; b; b = b->next, blocks++) {
			if (!block_is_sound(b, order))
				return -EFAULT;
			pages += (size_t)1 << order;
		}
	}
	for (const struct region *r = regions; r; r = r->next) {
		pages += r->end - r->cursor;
		blocks -= count_heads(r);
	}
	return pages == free_pages && blocks == 0 ? 0 : -EFAULT;
}

/* A cached page lies in no free block and in no other place of a cache. */
static bool cached_is_sound(unsigned cpu, unsigned place)
{
	const struct cache *c = &caches[cpu];
	size_t frame = frame_of(c->page[place]);
	const struct region *r = region_of(frame);

	if (!r || frame >= r->cursor)
		return false;
	for (unsigned order = 0; order < ORDERS; order++)
		if (is_free_block(r, frame & -((size_t)1 << order), order))
			return false;
	for (unsigned i = cpu; i < UK_CPUS; i++)
		for (unsigned j = i == cpu ? place + 1 : 0; j < caches[i].count; j++)
			if (caches[i].page[j] == c->page[place])
				return false;
	return true;
}

static bool caches_are_sound(void)
{
	for (unsigned i = 0; UK_SMP && i < UK_CPUS; i++)
		for (unsigned j = 0; j < caches[i].count; j++)
			if (j >= CACHE_PAGES || !cached_is_sound(i, j))
				return false;
	return true;
}

int uk_page_check(void)
{
	unsigned long state = acquire_all();
	int err = caches_are_sound() ? check_locked() : -EFAULT;

	release_all(state);
	return err;
}

static void *table_take(void)
{
	void *p = uk_page_alloc(1);

	return p ? memset(p, 0, UK_PAGE_SIZE) : NULL;
}

static void table_give(void *page)
{
	uk_page_free(page, 1);
}

/* Lay the table of a region over its first pages. A page of 4 KiB holds the bits of 126 MiB. */
static struct region *region_add(const struct uk_plat_region *m)
{
	struct region *r = (struct region *)m->base;
	size_t frames = m->size >> UK_PAGE_SHIFT;
	size_t table = sizeof(*r) + (frames + 63) / 64 * 8, own = (table + UK_PAGE_SIZE - 1) >> UK_PAGE_SHIFT;

	if (own >= frames)
		return NULL;
	memset(r, 0, table);
	r->first = r->cursor = frame_of(r) + own;
	r->end = frame_of(r) + frames;
	total_pages += frames - own;
	return r;
}

int uk_page_init(void)
{
	size_t n;
	const struct uk_plat_region *m = uk_plat_memory_map(&n);
	struct region **last = &regions;

	for (size_t i = 0; i < n; i++)
		if (m[i].kind == UK_PLAT_RAM && (*last = region_add(&m[i])))
			last = &(*last)->next;
	free_pages = free_low = total_pages;
	uk_plat_table_pages(table_take, table_give);
	return regions ? 0 : -ENOMEM;
}
