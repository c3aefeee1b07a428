/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Measures threads by what POSIX has, so that the same source runs on Tessera and, as the peer, on Linux:
 *
 *	schedbench NAME [number ...]		prints lines "metric NAME VALUE UNIT"
 */

#include "bench.h"

#include <stdio.h>
#include <string.h>

static const struct bench *const benches[] = {
    &bench_yield, &bench_cond,  &bench_create, &bench_mutex, &bench_contended,
    &bench_clock, &bench_sleep, &bench_timer,  &bench_sort,  &bench_many,
};

#define BENCHES (sizeof(benches) / sizeof(benches[0]))

static int usage(void)
{
	fputs("usage: schedbench NAME [number ...]\n", stderr);
	for (size_t i = 0; i < BENCHES; i++)
		fprintf(stderr, "  %-10s %s\n", benches[i]->name, benches[i]->help);
	return 2;
}

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < BENCHES; i++)
		if (!strcmp(argv[1], benches[i]->name))
			return benches[i]->run(argc - 2, argv + 2);
	return usage();
}
