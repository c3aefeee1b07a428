/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <string.h>
#include <uk/base.h>
#include <uk/buddy.h>
#include <uk/test.h>

static struct uk_heap *h;

static int setup(void)
{
	return uk_buddy_ops.create(&h);
}

static void teardown(void)
{
	UK_CHECK_EQ(h->ops->check(h), 0);
	h->ops->destroy(h);
}
UK_TEST_FIXTURE(buddy, setup, teardown);

static char *take(size_t size)
{
	char *p = h->ops->alloc(h, size, 16);

	UK_REQUIRE(p);
	return memset(p, (int)(size & 0xff), size);
}

UK_TEST(buddy, blocks_are_powers_of_two)
{
	UK_CHECK_EQ(h->ops->usable(h, take(1)), 16);
	UK_CHECK_EQ(h->ops->usable(h, take(17)), 48);
	UK_CHECK_EQ(h->ops->usable(h, take(112)), 112);
	UK_CHECK_EQ(h->ops->usable(h, take(113)), 240);
	UK_CHECK_EQ(h->ops->usable(h, take(5000)), 8176);
}

UK_TEST(buddy, halves_are_joined)
{
	struct uk_heap_stats s;
	char *p[64];

	for (size_t i = 0; i < UK_ARRAY_SIZE(p); i++)
		p[i] = take(200);
	for (size_t i = 0; i < UK_ARRAY_SIZE(p); i++)
		h->ops->free(h, p[i * 5 % UK_ARRAY_SIZE(p)]);
	h->ops->stats(h, &s);
	UK_CHECK_EQ(s.used, 0);
	UK_CHECK_PTR(take(60000), p[0]); /* the arena is one block again */
}

UK_TEST(buddy, doubles_in_place)
{
	char *a = take(100);

	UK_CHECK_PTR(h->ops->realloc(h, a, 20000), a);
	UK_CHECK_PTR(h->ops->realloc(h, a, 20), a);
	UK_CHECK_EQ(h->ops->usable(h, a), 48);
}
