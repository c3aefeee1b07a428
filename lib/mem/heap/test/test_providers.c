/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What every heap must do, tried on every provider that is built in. */

#include "exercise.h"

#include <string.h>
#include <uk/base.h>
#include <uk/page.h>
#include <uk/param.h>
#include <uk/plat/cpu.h>
#include <uk/print.h>
#include <uk/test.h>

UK_SET_DECLARE(heap, struct uk_heap_provider);

#define KEEP_PAGES ((size_t)2048) /* left to a heap that is to run out of memory: 8 MiB */

static unsigned steps = 60000, seed;

UK_PARAM_UINT("heap.test.steps", steps, "operations of the random test of each heap");
UK_PARAM_UINT("heap.test.seed", seed, "start of the random numbers; 0: from the platform");

static struct uk_page_stats before;

/* Run fn on a fresh instance of every provider; afterwards it must be sound and all pages must be back. */
static void on_each(void (*fn)(struct uk_heap *h))
{
	UK_SET_EACH (heap, struct uk_heap_provider, it) {
		struct uk_page_stats after;
		struct uk_heap *h;

		uk_printf("# %s\n", it->ops->name);
		uk_page_stats(&before);
		UK_REQUIRE(!it->ops->create(&h));
		fn(h);
		UK_CHECK_EQ(h->ops->check(h), 0);
		if (it->ops->traits & UK_HEAP_SINGLE)
			continue;
		it->ops->destroy(h);
		uk_page_stats(&after);
		UK_CHECK_EQ(after.free, before.free);
		UK_CHECK_EQ(uk_page_check(), 0);
	}
}

static void align_all(struct uk_heap *h)
{
	for (size_t align = 1; align <= 1 << 16; align *= 2)
		for (size_t size = 0; size < 200; size += 33) {
			char *p = h->ops->alloc(h, size, align), *q = h->ops->alloc(h, 1, 1);

			UK_REQUIRE(p && q);
			UK_CHECK_EQ((uintptr_t)p % align, 0);
			UK_CHECK(size < 16 || (uintptr_t)p % 16 == 0);
			UK_CHECK(h->ops->usable(h, p) >= size);
			memset(p, 0xff, h->ops->usable(h, p));
			UK_CHECK_EQ(h->ops->check(h), 0);
			h->ops->free(h, q);
			h->ops->free(h, p);
		}
	UK_CHECK_PTR(h->ops->alloc(h, 16, 0), NULL);
	UK_CHECK_PTR(h->ops->alloc(h, 16, 24), NULL);
}

UK_TEST(heap, alignment)
{
	on_each(align_all);
}

static void zero_size(struct uk_heap *h)
{
	char *p[8];

	for (size_t i = 0; i < UK_ARRAY_SIZE(p); i++) {
		p[i] = h->ops->alloc(h, 0, 16);
		UK_REQUIRE(p[i]);
		for (size_t j = 0; j < i; j++)
			UK_CHECK(p[i] != p[j]);
	}
	for (size_t i = 0; i < UK_ARRAY_SIZE(p); i++)
		h->ops->free(h, p[i]);
}

UK_TEST(heap, zero_size_is_unique)
{
	on_each(zero_size);
}

static const size_t huge_sizes[] = {SIZE_MAX,     SIZE_MAX - 7,    SIZE_MAX - 4096, SIZE_MAX / 2,
				    SIZE_MAX / 4, (size_t)1 << 62, (size_t)1 << 48, ((size_t)1 << 40) + 1};

static void huge_size(struct uk_heap *h)
{
	char *p = h->ops->alloc(h, 100, 16);

	UK_REQUIRE(p);
	memset(p, 0x5a, 100);
	for (size_t i = 0; i < UK_ARRAY_SIZE(huge_sizes); i++) {
		UK_CHECK_PTR(h->ops->alloc(h, huge_sizes[i], 16), NULL);
		UK_CHECK_PTR(h->ops->alloc(h, huge_sizes[i], 4096), NULL);
		UK_CHECK_PTR(h->ops->realloc(h, p, huge_sizes[i]), NULL);
	}
	UK_CHECK_PTR(h->ops->alloc(h, 1, (size_t)1 << 62), NULL);
	for (size_t i = 0; i < 100; i++)
		UK_CHECK_EQ(p[i], 0x5a);
	h->ops->free(h, p);
}

UK_TEST(heap, huge_size_is_refused)
{
	on_each(huge_size);
}

static void resize_all(struct uk_heap *h)
{
	unsigned char *p = h->ops->alloc(h, 1, 16);

	UK_REQUIRE(p);
	p[0] = 1;
	for (size_t size = 1, last = 1; size < 300000; last = size, size += size / 3 + 1) {
		p = h->ops->realloc(h, p, size);
		UK_REQUIRE(p);
		memset(p + last, (int)(size & 0xff), size - last);
		UK_CHECK_EQ(p[0], 1);
	}
	for (size_t size = 300000; size; size /= 2) {
		p = h->ops->realloc(h, p, size);
		UK_REQUIRE(p);
		UK_CHECK_EQ(p[0], 1);
		UK_CHECK_EQ(h->ops->check(h), 0);
	}
	h->ops->free(h, p);
}

UK_TEST(heap, realloc_keeps_contents)
{
	on_each(resize_all);
}

/* The last block of a heap grows and shrinks where it is: alone in a fresh heap, there is nothing to hinder it. */
static void resize_in_place(struct uk_heap *h)
{
	char *p = h->ops->alloc(h, 5000, 16), *q;

	UK_REQUIRE(p);
	q = h->ops->realloc(h, p, 5000 + 1);
	UK_CHECK_PTR(q, p);
	UK_CHECK_PTR(h->ops->realloc(h, q, 4900), p);
	h->ops->free(h, p);
}

UK_TEST(heap, realloc_in_place)
{
	on_each(resize_in_place);
}

/* Leave only KEEP_PAGES to the page allocator. The ranges taken hold the list of themselves. */
static void **hog_pages(void)
{
	void **list = NULL, **p;
	struct uk_page_stats s;

	for (size_t pages = UK_PAGE_MAX; pages; pages /= 2)
		for (uk_page_stats(&s); s.free >= KEEP_PAGES + pages && (p = uk_page_alloc(pages)); uk_page_stats(&s)) {
			p[0] = list;
			p[1] = (void *)pages;
			list = p;
		}
	return list;
}

static void return_pages(void **list)
{
	for (void **p; (p = list);) {
		list = p[0];
		uk_page_free(p, (size_t)p[1]);
	}
}

/* Allocate blocks until none of 64 bytes is left; they hold the list of themselves. Returns the bytes. */
static size_t fill_heap(struct uk_heap *h, void **list)
{
	size_t total = 0;
	uint32_t random = 7;

	*list = NULL;
	for (size_t limit = 200000; limit >= 64; limit /= 2) {
		size_t size = limit;
		void **p;

		while ((p = h->ops->alloc(h, size, 16))) {
			p[0] = *list;
			*list = p;
			total += size;
			size = limit / 2 + uk_heap_exercise_random(&random) % (limit / 2) + 1;
		}
	}
	return total;
}

static void empty_heap(struct uk_heap *h, void *list)
{
	for (void *p; (p = list);) {
		list = *(void **)p;
		h->ops->free(h, p);
	}
}

static void exhaust(struct uk_heap *h)
{
	void **hog = hog_pages(), *list;
	struct uk_heap_stats s;
	size_t first = fill_heap(h, &list), second = first;

	UK_CHECK(first > KEEP_PAGES * UK_PAGE_SIZE / 4);
	UK_CHECK_PTR(h->ops->alloc(h, KEEP_PAGES * UK_PAGE_SIZE, 16), NULL);
	UK_CHECK_EQ(h->ops->check(h), 0);
	memset(&s, 0, sizeof(s));
	h->ops->stats(h, &s);
	UK_CHECK(s.failures > 0);
	empty_heap(h, list);
	UK_CHECK_EQ(h->ops->check(h), 0);
	if (!(h->ops->traits & UK_HEAP_NO_FREE)) {
		second = fill_heap(h, &list);
		empty_heap(h, list);
	}
	UK_CHECK(second >= first / 16 * 15);
	return_pages(hog);
}

UK_TEST(heap, exhaustion_loses_nothing)
{
	on_each(exhaust);
}

static size_t random_size(uint32_t *random)
{
	uint32_t r = uk_heap_exercise_random(random);

	if (r % 64 == 0)
		return r / 64 % 70000;
	return r / 64 % (r & 8 ? 64 : 600);
}

static void stress(struct uk_heap *h)
{
	static struct uk_heap_exercise x;
	uint32_t random = seed;
	unsigned n = h->ops->traits & UK_HEAP_NO_FREE ? UK_MIN(steps, 4000u) : steps;

	memset(&x, 0, sizeof(x));
	x.heap = h;
	for (unsigned i = 0; i < n; i++) {
		unsigned slot = uk_heap_exercise_random(&random), kind = uk_heap_exercise_random(&random);
		const char *fault = uk_heap_exercise_step(&x, slot, kind, random_size(&random));

		if (!fault && i % 4096 == 0 && h->ops->check(h))
			fault = "inconsistent";
		UK_CHECK_STR(fault, NULL);
		if (fault)
			break;
	}
	UK_CHECK_STR(uk_heap_exercise_end(&x), NULL);
	UK_CHECK_EQ(x.refused, 0);
}

UK_TEST(heap, stress_against_model)
{
	if (!seed)
		uk_plat_seed(&seed, sizeof(seed));
	uk_printf("# heap.test.seed=%u\n", seed);
	on_each(stress);
}

static void count(struct uk_heap *h)
{
	struct uk_heap_stats a = {0}, b = {0};

	h->ops->stats(h, &a);
	void *p = h->ops->alloc(h, 1000, 16);

	UK_REQUIRE(p);
	h->ops->stats(h, &b);
	if (b.used != SIZE_MAX)
		UK_CHECK(b.used >= a.used + 1000 && b.peak >= b.used);
	if (b.allocs != UINT64_MAX)
		UK_CHECK_EQ(b.allocs, a.allocs + 1);
	h->ops->free(h, p);
	h->ops->stats(h, &b);
	if (b.frees != UINT64_MAX)
		UK_CHECK_EQ(b.frees, a.frees + 1);
	if (b.used != SIZE_MAX && !(h->ops->traits & UK_HEAP_NO_FREE))
		UK_CHECK_EQ(b.used, a.used);
}

UK_TEST(heap, statistics)
{
	on_each(count);
}
