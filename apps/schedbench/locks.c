/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* A mutex that nobody else wants, a mutex that all want, and the clock. */

#include "bench.h"

#include <errno.h>
#include <time.h>

#define PAIRS 2000000
#define READINGS 2000000
#define THREADS_MOST 64
#define CONTENTION_NS 200000000

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

/* Exists: C libraries leave out atomic operations as long as there is one thread. */
static void *bystander(void *arg)
{
	pthread_mutex_lock(&gate);
	pthread_mutex_unlock(&gate);
	return arg;
}

static double pairs(void)
{
	uint64_t start = bench_now();

	for (int i = 0; i < PAIRS; i++) {
		pthread_mutex_lock(&mutex);
		pthread_mutex_unlock(&mutex);
	}
	return (double)(bench_now() - start) / PAIRS;
}

static int run_mutex(int argc, char **argv)
{
	double times[BENCH_REPEATS];

	(void)argc, (void)argv;
	bench_pin(1);
	pthread_mutex_lock(&gate);
	pthread_t other = bench_start(bystander, NULL);

	pairs();
	for (int n = 0; n < BENCH_REPEATS; n++)
		times[n] = pairs();
	pthread_mutex_unlock(&gate);
	bench_join(other);
	bench_print_all("mutex", times, BENCH_REPEATS, "ns");
	return 0;
}

static double readings(void)
{
	struct timespec t;
	uint64_t start = bench_now();

	for (int i = 0; i < READINGS; i++)
		clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)(bench_now() - start) / READINGS;
}

static int run_clock(int argc, char **argv)
{
	double times[BENCH_REPEATS];

	(void)argc, (void)argv;
	bench_pin(1);
	readings();
	for (int n = 0; n < BENCH_REPEATS; n++)
		times[n] = readings();
	bench_print_all("clock", times, BENCH_REPEATS, "ns");
	return 0;
}

/* Threads that all do the same: some steps of work with the lock, some without. */
static struct {
	pthread_barrier_t begin;
	int stop;
	unsigned long inside, outside;
	unsigned long counter;
	struct contender {
		unsigned long passes, noise;
		char apart[112]; /* no two of them in one cache line or pair of lines */
	} each[THREADS_MOST];
} contest;

static unsigned long work(unsigned long value, unsigned long steps)
{
	for (unsigned long i = 0; i < steps; i++)
		value = value * 6364136223846793005 + 1442695040888963407;
	return value;
}

static void *contend(void *arg)
{
	struct contender *c = arg;

	pthread_barrier_wait(&contest.begin);
	while (!__atomic_load_n(&contest.stop, __ATOMIC_RELAXED)) {
		pthread_mutex_lock(&mutex);
		contest.counter = work(contest.counter, contest.inside) + 1;
		pthread_mutex_unlock(&mutex);
		c->noise = work(c->noise, contest.outside);
		c->passes++;
	}
	return NULL;
}

/* Millions of passes a second; *fair is the smallest share of a thread over the largest. */
static double contention(unsigned threads, double *fair)
{
	pthread_t thread[THREADS_MOST];
	unsigned long sum = 0, least = ~0UL, most = 1;
	struct timespec pause = {0, CONTENTION_NS};

	contest.stop = 0;
	contest.counter = 0;
	bench_check(pthread_barrier_init(&contest.begin, NULL, threads + 1), "pthread_barrier_init");
	for (unsigned i = 0; i < threads; i++) {
		contest.each[i].passes = 0;
		thread[i] = bench_start(contend, &contest.each[i]);
	}
	pthread_barrier_wait(&contest.begin);
	uint64_t start = bench_now();

	nanosleep(&pause, NULL);
	__atomic_store_n(&contest.stop, 1, __ATOMIC_RELAXED);
	double time = (double)(bench_now() - start);

	for (unsigned i = 0; i < threads; i++) {
		bench_join(thread[i]);
		unsigned long passes = contest.each[i].passes;

		sum += passes;
		least = passes < least ? passes : least;
		most = passes > most ? passes : most;
	}
	pthread_barrier_destroy(&contest.begin);
	if (contest.inside == 0 && contest.counter != sum)
		bench_check(EDOM, "the mutex let two threads in");
	*fair = (double)least / (double)most;
	return (double)sum * 1000 / time;
}

static int run_contended(int argc, char **argv)
{
	unsigned long threads = bench_number(argc, argv, 0, 4), cpus = bench_number(argc, argv, 1, 2);
	double rates[BENCH_REPEATS], fair[BENCH_REPEATS];

	contest.inside = contest.outside = argc > 2 ? bench_number(argc, argv, 2, 0) : 0;
	if (threads > THREADS_MOST)
		bench_check(EINVAL, "too many threads");
	bench_pin((unsigned)cpus);
	contention((unsigned)threads, &fair[0]);
	for (int n = 0; n < BENCH_REPEATS; n++)
		rates[n] = contention((unsigned)threads, &fair[n]);
	bench_print_all("contended", rates, BENCH_REPEATS, "M/s");
	bench_print_all("contended_fairness", fair, BENCH_REPEATS, "share");
	return 0;
}

const struct bench bench_mutex = {"mutex", "mutex taken and given back, wanted by nobody else", run_mutex};
const struct bench bench_clock = {"clock", "clock_gettime(CLOCK_MONOTONIC)", run_clock};
const struct bench bench_contended = {
    "contended", "one mutex wanted by all: [threads 4] [CPUs 2] [steps of work inside and outside 0]", run_contended};
