/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <errno.h>
#include <string.h>
#include <uk/page.h>
#include <uk/test.h>

static struct uk_page_stats before;

static int setup(void)
{
	uk_page_stats(&before);
	return 0;
}

/* Nothing may be lost, whatever a case did. */
static void teardown(void)
{
	struct uk_page_stats after;

	uk_page_stats(&after);
	UK_CHECK_EQ(after.free, before.free);
	UK_CHECK_EQ(after.largest, before.largest);
	UK_CHECK_EQ(uk_page_check(), 0);
}
UK_TEST_FIXTURE(page, setup, teardown);

struct request {
	size_t pages, align;
};
static const struct request requests[] = {{1, 1}, {1, 8}, {2, 1}, {3, 1}, {3, 4}, {5, 2}, {7, 16}, {17, 1}, {31, 32}};

UK_TEST_EACH(page, any_count_and_alignment, struct request, requests)
{
	char *p = uk_page_alloc_aligned(it->pages, it->align);

	UK_REQUIRE(p);
	UK_CHECK_EQ((uintptr_t)p % (it->align * UK_PAGE_SIZE), 0);
	memset(p, 0xa5, it->pages * UK_PAGE_SIZE);
	UK_CHECK_EQ(uk_page_check(), 0);
	uk_page_free(p, it->pages);
}

UK_TEST(page, refuses_nonsense)
{
	UK_CHECK_PTR(uk_page_alloc(0), NULL);
	UK_CHECK_PTR(uk_page_alloc(UK_PAGE_MAX + 1), NULL);
	UK_CHECK_PTR(uk_page_alloc(SIZE_MAX), NULL);
	UK_CHECK_PTR(uk_page_alloc_aligned(1, 3), NULL);
	UK_CHECK_PTR(uk_page_alloc_aligned(1, 0), NULL);
	UK_CHECK_PTR(uk_page_alloc_aligned(1, 2 * UK_PAGE_MAX), NULL);
	uk_page_free(NULL, 0);
}

UK_TEST(page, frees_in_pieces)
{
	char *p = uk_page_alloc(13);

	UK_REQUIRE(p);
	uk_page_free(p + 4 * UK_PAGE_SIZE, 3);
	uk_page_free(p, 4);
	UK_CHECK_EQ(uk_page_check(), 0);
	uk_page_free(p + 7 * UK_PAGE_SIZE, 6);
}

UK_TEST(page, extends_in_place)
{
	char *p = uk_page_alloc(16), *wall;

	UK_REQUIRE(p);
	uk_page_free(p + 4 * UK_PAGE_SIZE, 12);
	UK_CHECK_EQ(uk_page_extend(p, 4, 5), 0);
	memset(p, 1, 9 * UK_PAGE_SIZE);
	UK_CHECK_EQ(uk_page_check(), 0);
	uk_page_free(p + 9 * UK_PAGE_SIZE - UK_PAGE_SIZE, 1);
	UK_CHECK_EQ(uk_page_extend(p, 8, UK_PAGE_MAX * 64), -ENOMEM);
	UK_CHECK_EQ(uk_page_extend(p, 8, SIZE_MAX / UK_PAGE_SIZE), -ENOMEM);
	wall = uk_page_alloc(8);
	UK_REQUIRE(wall);
	uk_page_free(wall + UK_PAGE_SIZE, 7);
	if (wall > p)
		UK_CHECK_EQ(uk_page_extend(p, 8, (size_t)(wall - p) / UK_PAGE_SIZE - 8 + 1), -ENOMEM);
	uk_page_free(wall, 1);
	uk_page_free(p, 8);
}

UK_TEST(page, exhaustion_loses_nothing)
{
	struct uk_page_stats s;
	void **list = NULL, **p;
	size_t n = 0;

	/* The largest ranges first, then whatever is left, each holding the pointer to the one before and its size. */
	for (size_t pages = UK_PAGE_MAX; pages; pages /= 2)
		while ((p = uk_page_alloc(pages))) {
			p[0] = list;
			p[1] = (void *)pages;
			list = p;
			n += pages;
		}
	uk_page_stats(&s);
	UK_CHECK_EQ(s.free, 0);
	UK_CHECK_EQ(s.largest, 0);
	UK_CHECK_EQ(n, before.free);
	UK_CHECK_EQ(uk_page_check(), 0);
	while ((p = list)) {
		list = p[0];
		uk_page_free(p, (size_t)p[1]);
	}
}

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

struct range {
	unsigned char *p;
	size_t pages;
};

static unsigned char mark(const struct range *r)
{
	return (unsigned char)((uintptr_t)r->p >> UK_PAGE_SHIFT);
}

static void take(struct range *r, uint32_t *random)
{
	r->pages = 1 + next_random(random) % 12;
	r->p = uk_page_alloc_aligned(r->pages, (size_t)1 << next_random(random) % 4);
	for (size_t i = 0; r->p && i < r->pages; i++)
		r->p[i * UK_PAGE_SIZE] = mark(r);
}

static void give(struct range *r)
{
	for (size_t i = 0; i < r->pages; i++)
		UK_CHECK_EQ(r->p[i * UK_PAGE_SIZE], mark(r));
	uk_page_free(r->p, r->pages);
	r->p = NULL;
}

UK_TEST(page, random_operations)
{
	static struct range ranges[64];
	uint32_t random = 1;

	for (int i = 0; i < 20000; i++) {
		struct range *r = &ranges[next_random(&random) % UK_ARRAY_SIZE(ranges)];

		if (!r->p) {
			take(r, &random);
		} else if (next_random(&random) % 4) {
			give(r);
		} else if (!uk_page_extend(r->p, r->pages, 1)) {
			r->p[r->pages++ * UK_PAGE_SIZE] = mark(r);
		}
		if (i % 1000 == 0)
			UK_CHECK_EQ(uk_page_check(), 0);
	}
	for (size_t i = 0; i < UK_ARRAY_SIZE(ranges); i++)
		if (ranges[i].p)
			give(&ranges[i]);
}
