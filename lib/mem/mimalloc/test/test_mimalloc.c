/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <string.h>
#include <uk/mimalloc.h>
#include <uk/test.h>

static struct uk_heap *h;

static int setup(void)
{
	return uk_mimalloc_ops.create(&h);
}

static void teardown(void)
{
	UK_CHECK_EQ(h->ops->check(h), 0);
}
UK_TEST_FIXTURE(mimalloc, setup, teardown);

static char *take(size_t size)
{
	char *p = h->ops->alloc(h, size, 16);

	UK_REQUIRE(p);
	return memset(p, (int)(size & 0xff), size);
}

UK_TEST(mimalloc, there_is_one_instance)
{
	struct uk_heap *again;

	UK_CHECK_EQ(uk_mimalloc_ops.create(&again), 0);
	UK_CHECK_PTR(again, h);
}

UK_TEST(mimalloc, huge_blocks_go_back_at_once)
{
	struct uk_heap_stats before, between, after;

	h->ops->free(h, take(100));
	h->ops->stats(h, &before);
	char *p = h->ops->alloc(h, 6 << 20, 16);

	if (!p)
		UK_SKIP("not enough memory");
	h->ops->stats(h, &between);
	UK_CHECK(between.pages >= before.pages + 1536);
	h->ops->free(h, p);
	h->ops->stats(h, &after);
	UK_CHECK_EQ(after.pages, before.pages);
}

/* mimalloc 2.0.9's own function for this gets it wrong. */
UK_TEST(mimalloc, blocks_aligned_to_their_size)
{
	for (size_t size = 16; size <= 4096; size *= 2)
		for (int i = 0; i < 3; i++)
			UK_CHECK_EQ((uintptr_t)h->ops->alloc(h, size, size) % size, 0);
}
