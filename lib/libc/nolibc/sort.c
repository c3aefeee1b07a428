/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <stdint.h>
#include <stdlib.h>

void *bsearch(const void *key, const void *base, size_t n, size_t size, int (*compare)(const void *, const void *))
{
	uintptr_t low = (uintptr_t)base;

	while (n) {
		uintptr_t middle = low + n / 2 * size;
		int order = compare(key, (const void *)middle);

		if (!order)
			return (void *)middle;
		if (order > 0) {
			low = middle + size;
			n--;
		}
		n /= 2;
	}
	return NULL;
}

static void swap(char *a, char *b, size_t size)
{
	while (size--) {
		char c = *a;

		*a++ = *b;
		*b++ = c;
	}
}

/* Let the element at i sink to where no child of the heap of n elements is larger. */
static void sink(char *base, size_t i, size_t n, size_t size, int (*compare)(const void *, const void *))
{
	for (size_t child; (child = 2 * i + 1) < n; i = child) {
		if (child + 1 < n && compare(base + child * size, base + (child + 1) * size) < 0)
			child++;
		if (compare(base + i * size, base + child * size) >= 0)
			return;
		swap(base + i * size, base + child * size, size);
	}
}

void qsort(void *base, size_t n, size_t size, int (*compare)(const void *, const void *))
{
	char *b = base;

	for (size_t i = n / 2; i-- > 0;)
		sink(b, i, n, size, compare);
	while (n > 1) {
		n--;
		swap(b, b + n * size, size);
		sink(b, 0, n, size, compare);
	}
}
