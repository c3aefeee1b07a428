/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The parallel sort on random numbers. Right is: ordered, and the same numbers as before. */

#include "sort.h"
#include "threads.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void fill(uint32_t *values, size_t count)
{
	uint32_t state = 1;

	for (size_t i = 0; i < count; i++)
		values[i] = state = state * 1664525 + 1013904223;
}

/* The same for every order of the numbers, and for other numbers with no more than chance. */
static uint64_t fingerprint(const uint32_t *values, size_t count)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < count; i++) {
		uint64_t x = (values[i] + 1) * 0x9e3779b97f4a7c15;

		sum += x ^ x >> 29;
	}
	return sum;
}

static bool ordered(const uint32_t *values, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (values[i - 1] > values[i])
			return false;
	return true;
}

static double milliseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static bool sort_and_check(uint32_t *values, uint32_t *spare, size_t count, unsigned threads)
{
	uint64_t before = fingerprint(values, count);
	double start = milliseconds();
	int err = sort_parallel(values, spare, count, threads);
	double time = milliseconds() - start;

	if (err) {
		printf("sort: %s\n", strerror(err));
		return false;
	}
	printf("sort: took %.3f ms\n", time);
	return ordered(values, count) && fingerprint(values, count) == before;
}

bool sort(size_t count, unsigned threads)
{
	uint32_t *values = malloc(count * sizeof(*values)), *spare = malloc(count * sizeof(*spare));
	bool right = false;

	printf("sort: %zu numbers by %u threads\n", count, threads);
	if (values && spare) {
		fill(values, count);
		right = sort_and_check(values, spare, count, threads);
	} else {
		puts("sort: not enough memory");
	}
	free(values);
	free(spare);
	return right;
}
