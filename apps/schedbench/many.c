/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* As many threads as asked for, all alive at once, then joined. What memory that takes is measured from outside. */

#include "bench.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static unsigned long begun;
static int all_made;

/* The result of a thread is its argument, this. */
static char token;

static void *wait_for_all(void *arg)
{
	pthread_mutex_lock(&lock);
	begun++;
	while (!all_made)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
	return arg;
}

/* Stacks of the size, or of the least one that the system takes. */
static size_t set_stack(pthread_attr_t *attr, size_t size)
{
	if (pthread_attr_setstacksize(attr, size) == EINVAL) {
		size = (size_t)sysconf(_SC_THREAD_STACK_MIN);
		bench_check(pthread_attr_setstacksize(attr, size), "pthread_attr_setstacksize");
	}
	return size;
}

static int join_all(const pthread_t *threads, unsigned long made)
{
	int wrong = 0;
	void *result;

	for (unsigned long i = 0; i < made; i++) {
		bench_check(pthread_join(threads[i], &result), "pthread_join");
		wrong |= result != &token;
	}
	return wrong;
}

static int run_many(int argc, char **argv)
{
	unsigned long wanted = bench_number(argc, argv, 0, 100000), made = 0;
	pthread_t *threads = calloc(wanted, sizeof(*threads));
	pthread_attr_t attr;
	int err = threads ? pthread_attr_init(&attr) : ENOMEM;

	bench_check(err, "memory for the list");
	size_t stack = set_stack(&attr, bench_number(argc, argv, 1, 8192));
	uint64_t start = bench_now();

	while (made < wanted && !(err = pthread_create(&threads[made], &attr, wait_for_all, &token)))
		made++;
	if (err)
		fprintf(stderr, "schedbench: thread %lu: %s\n", made + 1, strerror(err));
	pthread_mutex_lock(&lock);
	all_made = 1;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
	int wrong = join_all(threads, made);
	double seconds = (double)(bench_now() - start) / 1e9;

	bench_print("many", (double)made, "threads");
	bench_print("many_stack", (double)stack, "B");
	bench_print("many_time", seconds, "s");
	if (wrong || begun != made)
		bench_check(EDOM, "results of threads");
	free(threads);
	return made == wanted ? 0 : 1;
}

const struct bench bench_many = {"many", "threads alive at once, then joined: [threads 100000] [stack 8192]", run_many};
