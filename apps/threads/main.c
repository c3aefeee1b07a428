/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Three programs with threads:
 *
 *	threads					all three
 *	threads philosophers [number] [meals]
 *	threads pipeline [numbers]
 *	threads sort [numbers] [threads]
 *
 * The status is 0 if each result is right, 1 if not, 2 for words that it does not know. */

#include "sort.h"
#include "threads.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NUMBERS_MOST 100000000

static int usage(void)
{
	fputs("usage: threads [philosophers [number] [meals] | pipeline [numbers] | sort [numbers] [threads]]\n",
	      stderr);
	return 2;
}

/* The numbers behind the program's name into values, which hold the defaults. Whether all are in their limits. */
static bool numbers(int argc, char **argv, unsigned long values[2], const unsigned long limits[2][2])
{
	if (argc > 2)
		return false;
	for (int i = 0; i < argc; i++) {
		char *end;

		errno = 0;
		values[i] = strtoul(argv[i], &end, 10);
		if (*end || argv[i][0] < '0' || argv[i][0] > '9' || errno)
			return false;
		if (values[i] < limits[i][0] || values[i] > limits[i][1])
			return false;
	}
	return true;
}

static bool run_philosophers(const unsigned long *values)
{
	return philosophers((unsigned)values[0], (unsigned)values[1]);
}

static bool run_pipeline(const unsigned long *values)
{
	return pipeline((unsigned)values[0]);
}

/* Without a number as many threads as CPUs. */
static bool run_sort(const unsigned long *values)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned long threads = values[1] ? values[1] : cpus > 0 ? (unsigned long)cpus : 1;

	return sort(values[0], (unsigned)(threads < SORT_THREADS_MOST ? threads : SORT_THREADS_MOST));
}

static const struct program {
	const char *name;
	bool (*run)(const unsigned long *values);
	unsigned long defaults[2], limits[2][2];
} programs[] = {
    {"philosophers", run_philosophers, {5, 1000}, {{2, PHILOSOPHERS_MOST}, {1, NUMBERS_MOST}}},
    {"pipeline", run_pipeline, {10000, 0}, {{1, NUMBERS_MOST}, {1, 0}}},
    {"sort", run_sort, {1 << 20, 0}, {{1, NUMBERS_MOST}, {1, SORT_THREADS_MOST}}},
};

#define PROGRAMS (sizeof(programs) / sizeof(programs[0]))

static bool run(const struct program *p, const unsigned long *values)
{
	bool right = p->run(values);

	printf("%s: %s\n", p->name, right ? "right" : "WRONG");
	return right;
}

static int run_all(void)
{
	bool right = true;

	for (size_t i = 0; i < PROGRAMS; i++)
		right &= run(&programs[i], programs[i].defaults);
	return right ? 0 : 1;
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return run_all();
	for (size_t i = 0; i < PROGRAMS; i++) {
		unsigned long values[2] = {programs[i].defaults[0], programs[i].defaults[1]};

		if (!strcmp(argv[1], programs[i].name) && numbers(argc - 2, argv + 2, values, programs[i].limits))
			return run(&programs[i], values) ? 0 : 1;
	}
	return usage();
}
