/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <mem/tlsf/config.h>

#include <string.h>
#include <uk/assert.h>
#include <uk/tlsf.h>
#include <uk/test.h>

static struct uk_heap *h;

static int setup(void)
{
	return uk_tlsf_ops.create(&h);
}

static void teardown(void)
{
	UK_CHECK_EQ(h->ops->check(h), 0);
	h->ops->destroy(h);
}
UK_TEST_FIXTURE(tlsf, setup, teardown);

static char *take(size_t size)
{
	char *p = h->ops->alloc(h, size, 16);

	UK_REQUIRE(p);
	return memset(p, (int)(size & 0xff), size);
}

/* Blocks too large for the quick lists go to the core at once. */
UK_TEST(tlsf, neighbours_are_joined)
{
	char *a = take(2000), *b = take(2000), *c = take(2000);

	take(2000);
	h->ops->free(h, a);
	h->ops->free(h, c);
	UK_CHECK_EQ(h->ops->check(h), 0);
	h->ops->free(h, b);
	UK_CHECK_PTR(take(6000), a);
}

UK_TEST(tlsf, grows_forwards)
{
	char *a = take(2000), *b = take(2000);

	take(2000);
	h->ops->free(h, b);
	UK_CHECK_PTR(h->ops->realloc(h, a, 3900), a);
}

UK_TEST(tlsf, grows_backwards)
{
	char *a = take(2000), *b = take(2001);

	take(2000);
	h->ops->free(h, a);
	UK_CHECK_PTR(h->ops->realloc(h, b, 3900), a);
	for (size_t i = 0; i < 2001; i++)
		UK_REQUIRE(a[i] == (char)(2001 & 0xff));
}

UK_TEST(tlsf, shrinking_makes_room)
{
	char *a = take(8000);

	take(2000);
	UK_CHECK_PTR(h->ops->realloc(h, a, 2000), a);
	char *b = take(4000);

	UK_CHECK(b > a && b < a + 8000);
}

UK_TEST(tlsf, unused_pages_go_back)
{
	struct uk_heap_stats before, after;

	take(2000);
	h->ops->stats(h, &before);
	char *p = h->ops->alloc(h, 8 << 20, 16), *q = h->ops->alloc(h, 4 << 20, 16);

	if (!p || !q)
		UK_SKIP("not enough memory");
	h->ops->free(h, p);
	h->ops->free(h, q);
	h->ops->stats(h, &after);
	UK_CHECK(after.pages_peak >= before.pages + 3072);
	UK_CHECK(after.pages < before.pages + 512);
}

UK_TEST(tlsf, small_blocks_come_back_last_in_first_out)
{
	char *a = take(100), *b = take(100);

	if (!UK_ENABLED(MEM_TLSF_QUICK))
		UK_SKIP("MEM_TLSF_QUICK is off");
	h->ops->free(h, a);
	h->ops->free(h, b);
	UK_CHECK_PTR(take(100), b);
}

UK_TEST_CRASH(tlsf, double_free, "assertion failed")
{
	char *a = take(2000);

	take(2000);
	if (!CONFIG_CORE_ASSERT_CHECKS)
		UK_BUG("assertion failed: this is what it would say, if assertions were on");
	h->ops->free(h, a);
	h->ops->free(h, a);
}
