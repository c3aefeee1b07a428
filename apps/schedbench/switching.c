/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Going from one thread to another: by sched_yield(), by condition variables, by creation and end. */

#include "bench.h"

#include <sched.h>
#include <stdbool.h>

#define YIELDS 200000
#define ROUND_TRIPS 100000
#define CREATIONS 10000

/* Two threads on one CPU that yield. A scheduler need not go to the other one each time: `switches` says. */
static struct {
	pthread_barrier_t begin;
	int stop;
	void *last;
	unsigned long count[2], switches[2];
	uint64_t start, end;
} pingpong;

static void *yielder(void *arg)
{
	unsigned long *count = arg, *switches = &pingpong.switches[count - pingpong.count];
	bool first = count == pingpong.count;

	pthread_barrier_wait(&pingpong.begin);
	if (first)
		pingpong.start = bench_now();
	while (!__atomic_load_n(&pingpong.stop, __ATOMIC_RELAXED) && *count < 50UL * YIELDS) {
		if (__atomic_load_n(&pingpong.last, __ATOMIC_RELAXED) != arg) {
			__atomic_store_n(&pingpong.last, arg, __ATOMIC_RELAXED);
			++*switches;
		}
		if (++*count == YIELDS && first)
			break;
		sched_yield();
	}
	if (first)
		pingpong.end = bench_now();
	__atomic_store_n(&pingpong.stop, 1, __ATOMIC_RELAXED);
	return NULL;
}

static int run_yield(int argc, char **argv)
{
	double each[BENCH_REPEATS], changes[BENCH_REPEATS];

	(void)argc, (void)argv;
	bench_pin(1);
	for (int n = -1; n < BENCH_REPEATS; n++) {
		pingpong.stop = 0;
		pingpong.count[0] = pingpong.count[1] = pingpong.switches[0] = pingpong.switches[1] = 0;
		bench_check(pthread_barrier_init(&pingpong.begin, NULL, 2), "pthread_barrier_init");
		pthread_t a = bench_start(yielder, &pingpong.count[0]), b = bench_start(yielder, &pingpong.count[1]);

		bench_join(a);
		bench_join(b);
		pthread_barrier_destroy(&pingpong.begin);
		double time = (double)(pingpong.end - pingpong.start);

		if (n < 0)
			continue;
		each[n] = time / (double)(pingpong.count[0] + pingpong.count[1]);
		changes[n] = time / (double)(pingpong.switches[0] + pingpong.switches[1]);
	}
	bench_print_all("yield", each, BENCH_REPEATS, "ns");
	bench_print_all("yield_switch", changes, BENCH_REPEATS, "ns");
	return 0;
}

/* Two threads that hand a turn to each other. */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t changed[2];
	int turn;
} turns = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = {PTHREAD_COND_INITIALIZER, PTHREAD_COND_INITIALIZER}};

static void take_turns(int me, int count)
{
	pthread_mutex_lock(&turns.lock);
	for (int i = 0; i < count; i++) {
		while (turns.turn != me)
			pthread_cond_wait(&turns.changed[me], &turns.lock);
		turns.turn = !me;
		pthread_cond_signal(&turns.changed[!me]);
	}
	pthread_mutex_unlock(&turns.lock);
}

static void *second_player(void *arg)
{
	(void)arg;
	take_turns(1, ROUND_TRIPS);
	return NULL;
}

static double play(void)
{
	pthread_t other = bench_start(second_player, NULL);

	take_turns(0, 1); /* the other one has begun when its first turn comes back */
	uint64_t start = bench_now();

	take_turns(0, ROUND_TRIPS - 1);
	uint64_t end = bench_now();

	bench_join(other);
	return (double)(end - start) / (ROUND_TRIPS - 1);
}

/* With any words the two may run on any CPU. */
static int run_cond(int argc, char **argv)
{
	double times[BENCH_REPEATS];

	(void)argv;
	if (argc == 0)
		bench_pin(1);
	play();
	for (int n = 0; n < BENCH_REPEATS; n++)
		times[n] = play();
	bench_print_all(argc ? "cond_anywhere" : "cond", times, BENCH_REPEATS, "ns");
	return 0;
}

static void *nothing(void *arg)
{
	return arg;
}

static double create_and_join(void)
{
	uint64_t start = bench_now();

	for (int i = 0; i < CREATIONS; i++)
		bench_join(bench_start(nothing, NULL));
	return (double)(bench_now() - start) / CREATIONS;
}

static int run_create(int argc, char **argv)
{
	double times[BENCH_REPEATS];

	(void)argv;
	if (argc == 0)
		bench_pin(1);
	create_and_join();
	for (int n = 0; n < BENCH_REPEATS; n++)
		times[n] = create_and_join();
	bench_print_all(argc ? "create_anywhere" : "create", times, BENCH_REPEATS, "ns");
	return 0;
}

const struct bench bench_yield = {"yield", "two threads on CPU 0 that yield to each other", run_yield};
const struct bench bench_cond = {"cond", "round trips by condition variables on CPU 0; `cond 1`: on any CPU", run_cond};
const struct bench bench_create = {"create", "thread created and joined on CPU 0; `create 1`: on any CPU", run_create};
