/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* A parallel sort, the one of apps/threads. */

#include "bench.h"
#include "sort.h"

#include <errno.h>
#include <stdlib.h>

static void fill(uint32_t *values, size_t count)
{
	uint32_t state = 1;

	for (size_t i = 0; i < count; i++)
		values[i] = state = state * 1664525 + 1013904223;
}

static double sort_once(uint32_t *values, uint32_t *spare, size_t count, unsigned threads)
{
	fill(values, count);
	uint64_t start = bench_now();

	bench_check(sort_parallel(values, spare, count, threads), "sort_parallel");
	double time = (double)(bench_now() - start) / 1e6;

	for (size_t i = 1; i < count; i++)
		if (values[i - 1] > values[i])
			bench_check(EDOM, "not sorted");
	return time;
}

static int run_sort(int argc, char **argv)
{
	unsigned threads = (unsigned)bench_number(argc, argv, 0, 1);
	size_t count = bench_number(argc, argv, 1, 1 << 20);
	uint32_t *values = malloc(count * sizeof(*values)), *spare = malloc(count * sizeof(*spare));
	double times[BENCH_REPEATS];

	bench_check(values && spare ? 0 : ENOMEM, "memory for the numbers");
	sort_once(values, spare, count, threads);
	for (int n = 0; n < BENCH_REPEATS; n++)
		times[n] = sort_once(values, spare, count, threads);
	bench_print_all("sort", times, BENCH_REPEATS, "ms");
	free(values);
	free(spare);
	return 0;
}

const struct bench bench_sort = {"sort", "parallel sort: [threads 1] [numbers 1048576]", run_sort};
