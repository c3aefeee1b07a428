/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <string.h>
#include <uk/bump.h>
#include <uk/test.h>

static struct uk_heap *h;

static int setup(void)
{
	return uk_bump_ops.create(&h);
}

static void teardown(void)
{
	UK_CHECK_EQ(h->ops->check(h), 0);
	h->ops->destroy(h);
}
UK_TEST_FIXTURE(bump, setup, teardown);

static char *take(size_t size)
{
	char *p = h->ops->alloc(h, size, 16);

	UK_REQUIRE(p);
	return memset(p, (int)(size & 0xff), size);
}

UK_TEST(bump, memory_is_not_used_again)
{
	char *a = take(100);

	h->ops->free(h, a);
	UK_CHECK(take(100) > a);
	UK_CHECK_EQ(a[0], 100);
}

UK_TEST(bump, the_last_block_grows_in_place)
{
	char *a = take(100);

	UK_CHECK_PTR(h->ops->realloc(h, a, 1000), a);
	UK_CHECK_PTR(h->ops->realloc(h, a, 10), a);
	UK_CHECK(take(16) < a + 100);
	UK_CHECK(h->ops->realloc(h, a, 50) != a);
}

UK_TEST(bump, outgrows_its_pages)
{
	char *a = take(100);

	for (size_t size = 1000; size < 1 << 20; size *= 2) {
		a = h->ops->realloc(h, a, size);
		UK_REQUIRE(a);
		UK_CHECK_EQ(a[99], 100);
	}
}
