/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* How late timers are: the clock when the thread goes on, or when the signal's handler runs, less the time asked for.
 * Times asked for are 0.5 to 1.5 ms ahead, irregular, so that no periodic tick can be in step with them. */

#include "bench.h"

#include <errno.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SAMPLES 2000
#define WARM_UP 50
#define BUSY_MOST 64

static double lateness[SAMPLES + WARM_UP];
static size_t samples;
static int stop;

static struct timespec at(uint64_t ns)
{
	return (struct timespec){(time_t)(ns / 1000000000), (long)(ns % 1000000000)};
}

static uint64_t next_time(void)
{
	static uint32_t state = 12345;

	state = state * 1103515245 + 12345;
	return bench_now() + 500000 + (state >> 12) % 1000000;
}

static void *busy(void *arg)
{
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED))
		;
	return arg;
}

/* "bucket NAME NANOSECONDS COUNT": how many were at most so late, and later than the bucket before; 4 for an octave. */
static void print_histogram(const char *name, const double *ordered, size_t count)
{
	double bound = 64;

	for (size_t i = 0; i < count; bound *= 1.189207115) {
		size_t before = i;

		while (i < count && ordered[i] <= bound)
			i++;
		if (i > before)
			printf("bucket %s %.0f %zu\n", name, bound, i - before);
	}
}

static void print_lateness(const char *name)
{
	static const struct {
		const char *name;
		double part;
	} points[] = {{"median", 0.5}, {"p99", 0.99}, {"worst", 1}};
	double *values = lateness + WARM_UP;
	size_t count = samples - WARM_UP;
	char text[64];

	bench_order(values, count);
	for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
		size_t n = (size_t)(points[i].part * (double)count);

		snprintf(text, sizeof(text), "%s_%s", name, points[i].name);
		bench_print(text, values[n < count ? n : count - 1], "ns");
	}
	if (values[0] < 0)
		bench_check(ERANGE, "a timer was early");
	print_histogram(name, values, count);
}

/* Take the samples while so many threads compute, and print them. */
static int measure(const char *name, void (*take)(void), unsigned long loads)
{
	const struct sched_param urgent = {.sched_priority = 10}, ordinary = {0};
	pthread_t load[BUSY_MOST];

	if (loads > BUSY_MOST)
		bench_check(EINVAL, "too many busy threads");
	for (unsigned long i = 0; i < loads; i++)
		load[i] = bench_start(busy, NULL);
	/* Beside a load, a thread to which the time matters has a priority. */
	if (loads)
		bench_check(pthread_setschedparam(pthread_self(), SCHED_FIFO, &urgent), "pthread_setschedparam");
	take();
	if (loads)
		bench_check(pthread_setschedparam(pthread_self(), SCHED_OTHER, &ordinary), "pthread_setschedparam");
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	for (unsigned long i = 0; i < loads; i++)
		bench_join(load[i]);
	print_lateness(name);
	return 0;
}

static void sleep_samples(void)
{
	while (samples < SAMPLES + WARM_UP) {
		uint64_t wanted = next_time();
		struct timespec t = at(wanted);

		bench_check(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL), "clock_nanosleep");
		lateness[samples++] = (double)bench_now() - (double)wanted;
	}
}

static int run_sleep(int argc, char **argv)
{
	bench_pin(1);
	return measure(argc ? "sleep_busy" : "sleep", sleep_samples, argc ? bench_number(argc, argv, 0, 0) : 0);
}

static struct {
	uint64_t wanted;
	sem_t fired;
} timer;

static void on_timer(int number)
{
	(void)number;
	lateness[samples++] = (double)bench_now() - (double)timer.wanted;
	sem_post(&timer.fired);
}

static void timer_samples(void)
{
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};
	timer_t id;

	if (timer_create(CLOCK_MONOTONIC, &event, &id))
		bench_check(errno, "timer_create");
	while (samples < SAMPLES + WARM_UP) {
		timer.wanted = next_time();
		struct itimerspec t = {.it_value = at(timer.wanted)};

		if (timer_settime(id, TIMER_ABSTIME, &t, NULL))
			bench_check(errno, "timer_settime");
		while (sem_wait(&timer.fired))
			if (errno != EINTR)
				bench_check(errno, "sem_wait");
	}
	timer_delete(id);
}

static int run_timer(int argc, char **argv)
{
	struct sigaction action = {.sa_handler = on_timer};

	bench_pin(1);
	if (sem_init(&timer.fired, 0, 0) || sigaction(SIGALRM, &action, NULL))
		bench_check(errno, "sem_init, sigaction");
	return measure(argc ? "timer_busy" : "timer", timer_samples, argc ? bench_number(argc, argv, 0, 0) : 0);
}

const struct bench bench_sleep = {"sleep", "lateness of clock_nanosleep; [busy threads beside it]", run_sleep};
const struct bench bench_timer = {"timer", "lateness of a timer's signal handler; [busy threads beside it]", run_timer};
