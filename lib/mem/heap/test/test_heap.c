/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The allocation API and the registry. */

#include <errno.h>
#include <string.h>
#include <uk/alloc.h>
#include <uk/base.h>
#include <uk/test.h>

UK_SET_DECLARE(heap, struct uk_heap_provider);

UK_TEST(alloc, null_and_zero)
{
	uk_free(NULL);
	UK_CHECK_EQ(uk_malloc_usable(NULL), 0);
	char *p = uk_malloc(0), *q = uk_realloc(NULL, 10);

	UK_REQUIRE(p && q && p != q);
	p = uk_realloc(p, 0);
	UK_REQUIRE(p);
	uk_free(p);
	uk_free(q);
}

UK_TEST(alloc, calloc_clears_and_refuses_overflow)
{
	unsigned char *p = uk_malloc(3000);

	UK_REQUIRE(p);
	memset(p, 0xff, 3000);
	uk_free(p);
	p = uk_calloc(30, 100);
	UK_REQUIRE(p);
	for (size_t i = 0; i < 3000; i++)
		UK_CHECK_EQ(p[i], 0);
	uk_free(p);
	UK_CHECK_PTR(uk_calloc(SIZE_MAX / 2, 3), NULL);
	UK_CHECK_PTR(uk_calloc(SIZE_MAX, SIZE_MAX), NULL);
	UK_CHECK_PTR(uk_calloc((size_t)1 << 32, (size_t)1 << 32), NULL);
}

UK_TEST(alloc, memalign)
{
	char *p = uk_memalign(256, 10);

	UK_REQUIRE(p);
	UK_CHECK_EQ((uintptr_t)p % 256, 0);
	UK_CHECK(uk_malloc_usable(p) >= 10);
	uk_free(p);
	UK_CHECK_PTR(uk_memalign(3, 10), NULL);
}

UK_TEST(alloc, this_library_has_a_heap)
{
	UK_REQUIRE(uk_heap_default);
	UK_CHECK_PTR(UK_HEAP_MINE, uk_heap_for("mem/heap"));
	UK_CHECK_PTR(uk_heap_for("no/such"), uk_heap_default);
}

UK_TEST(alloc, registry)
{
	UK_CHECK_PTR(uk_heap_find("no such heap"), NULL);
	UK_SET_EACH (heap, struct uk_heap_provider, it) {
		struct uk_heap *h = NULL;

		UK_CHECK_PTR(uk_heap_find(it->ops->name), it->ops);
		UK_CHECK_EQ(uk_heap_create(it->ops, "test", &h), 0);
		UK_REQUIRE(h);
		UK_CHECK_PTR(h->ops, it->ops);
		uk_heap_destroy(h);
	}
	uk_heap_destroy(NULL);
}

UK_TEST(alloc, too_many_instances)
{
	static struct uk_heap *h[CONFIG_MEM_HEAP_MAX];
	const struct uk_heap_ops *ops = uk_heap_default->ops;
	int err = 0;
	size_t n = 0;

	if (ops->traits & UK_HEAP_SINGLE)
		UK_SKIP("the default heap has one instance only");
	while (n < CONFIG_MEM_HEAP_MAX && !(err = uk_heap_create(ops, "test", &h[n])))
		n++;
	UK_CHECK_EQ(err, -ENOSPC);
	while (n)
		uk_heap_destroy(h[--n]);
}
