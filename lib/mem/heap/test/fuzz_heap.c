/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Fuzz target: the first byte picks a provider, every four bytes after it are one operation. */

#include "exercise.h"

#include <string.h>
#include <uk/assert.h>
#include <uk/base.h>
#include <uk/page.h>

UK_SET_DECLARE(heap, struct uk_heap_provider);

int uk_fuzz_heap(const uint8_t *data, size_t size);

static struct uk_heap *make(unsigned which)
{
	size_t n = (size_t)(__stop_uk_set_heap - __start_uk_set_heap);
	struct uk_heap *h = NULL;
	struct uk_page_stats s;

	uk_page_stats(&s);
	if (!s.total && uk_page_init()) /* a fuzzer's program does not start the system */
		return NULL;

	if (n && !__start_uk_set_heap[which % n]->ops->create(&h))
		return h;
	return NULL;
}

static void expect(const char *fault, const struct uk_heap *h)
{
	if (fault)
		UK_BUG("%s: %s", h->ops->name, fault);
}

int uk_fuzz_heap(const uint8_t *data, size_t size)
{
	static struct uk_heap_exercise x;

	memset(&x, 0, sizeof(x));
	x.heap = size ? make(data[0]) : NULL;
	if (!x.heap)
		return 0;
	for (size_t i = 1; i + 4 <= size; i += 4) {
		/* A size of 5 significant bits and an exponent: small and large alike. */
		size_t bytes = (size_t)(data[i + 2] & 31) << (data[i + 3] % 18);

		expect(uk_heap_exercise_step(&x, data[i], data[i + 1], bytes), x.heap);
	}
	expect(uk_heap_exercise_end(&x), x.heap);
	expect(x.heap->ops->check(x.heap) ? "inconsistent" : NULL, x.heap);
	if (x.heap->ops->destroy)
		x.heap->ops->destroy(x.heap);
	return 0;
}
