/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <string.h>
#include <uk/tiny.h>
#include <uk/test.h>

static struct uk_heap *h;

static int setup(void)
{
	return uk_tiny_ops.create(&h);
}

static void teardown(void)
{
	UK_CHECK_EQ(h->ops->check(h), 0);
	h->ops->destroy(h);
}
UK_TEST_FIXTURE(tiny, setup, teardown);

static char *take(size_t size)
{
	char *p = h->ops->alloc(h, size, 16);

	UK_REQUIRE(p);
	return memset(p, (int)(size & 0xff), size);
}

UK_TEST(tiny, the_first_gap_that_fits)
{
	char *a = take(100), *b = take(50), *c = take(200);

	take(10);
	h->ops->free(h, a);
	h->ops->free(h, c);
	UK_CHECK_PTR(take(150), c);
	UK_CHECK_PTR(take(60), a);
	h->ops->free(h, b);
}

UK_TEST(tiny, neighbours_are_joined)
{
	char *a = take(100), *b = take(100), *c = take(100);

	take(10);
	h->ops->free(h, a);
	h->ops->free(h, c);
	h->ops->free(h, b);
	UK_CHECK_PTR(take(330), a);
}

UK_TEST(tiny, grows_into_the_gap_behind)
{
	char *a = take(100), *b = take(100);

	take(10);
	h->ops->free(h, b);
	UK_CHECK_PTR(h->ops->realloc(h, a, 220), a);
	UK_CHECK(h->ops->realloc(h, a, 300) != a);
}
