/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include "bench.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

uint64_t bench_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

void bench_print(const char *name, double value, const char *unit)
{
	printf("metric %s %.6g %s\n", name, value, unit);
	fflush(stdout);
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

void bench_order(double *values, size_t count)
{
	qsort(values, count, sizeof(*values), compare);
}

void bench_print_all(const char *name, double *values, size_t count, const char *unit)
{
	char least[64];

	bench_order(values, count);
	snprintf(least, sizeof(least), "%s_least", name);
	bench_print(name, count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2, unit);
	bench_print(least, values[0], unit);
}

void bench_check(int err, const char *what)
{
	if (!err)
		return;
	fprintf(stderr, "schedbench: %s: %s\n", what, strerror(err));
	exit(1);
}

void bench_pin(unsigned cpus)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	for (unsigned n = 0; n < cpus; n++)
		CPU_SET(n, &set);
	bench_check(pthread_setaffinity_np(pthread_self(), sizeof(set), &set), "pthread_setaffinity_np");
}

pthread_t bench_start(void *(*entry)(void *arg), void *arg)
{
	pthread_t thread;

	bench_check(pthread_create(&thread, NULL, entry, arg), "pthread_create");
	return thread;
}

void bench_join(pthread_t thread)
{
	bench_check(pthread_join(thread, NULL), "pthread_join");
}

unsigned long bench_number(int argc, char **argv, int n, unsigned long otherwise)
{
	char *end;

	if (n >= argc)
		return otherwise;
	unsigned long value = strtoul(argv[n], &end, 10);

	if (*end || end == argv[n] || argv[n][0] == '-' || value == 0)
		bench_check(EINVAL, argv[n]);
	return value;
}
