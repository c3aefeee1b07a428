/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* setitimer(), alarm(), ualarm(): one timer for each of the three clocks. */

#include <sys/time.h>
#include <unistd.h>

#include "timers.h"

#define MICROSECOND 1000u
#define TIMERS (ITIMER_PROF + 1)

static struct uk_time_timer timers[TIMERS];

/* The timer, locked. */
static struct uk_time_timer *take(int which, unsigned long *state)
{
	static const uint8_t numbers[] = {SIGALRM, SIGVTALRM, SIGPROF};
	struct uk_time_timer *t = &timers[which];

	*state = uk_lock_acquire_irq(&uk_time_lock);
	if (!t->used) {
		t->clock = which == ITIMER_REAL ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID;
		t->notify = SIGEV_SIGNAL;
		t->entry.number = numbers[which];
		t->entry.code = SI_KERNEL;
		uk_time_timer_begin(t);
	}
	return t;
}

/* Start it and say how it stood before; in ns. */
static void start(int which, uint64_t *value, uint64_t *interval)
{
	unsigned long state;
	struct uk_time_timer *t = take(which, &state);
	const uint64_t left = uk_time_timer_left(t), before = t->interval;

	uk_time_timer_start(t, false, *value, *interval);
	uk_lock_release_irq(&uk_time_lock, state);
	*value = left;
	*interval = left ? before : 0;
}

static bool valid(const struct timeval *t)
{
	return t->tv_sec >= 0 && t->tv_usec >= 0 && t->tv_usec < 1000000;
}

static uint64_t ns_of(const struct timeval *t)
{
	const struct timespec spec = {t->tv_sec, (long)t->tv_usec * (long)MICROSECOND};

	return uk_time_ns(&spec);
}

/* Rounded up: what still runs is not 0. */
static struct timeval value_of(uint64_t ns)
{
	const struct timespec t = uk_time_spec(uk_time_sum(ns, MICROSECOND - 1));

	return (struct timeval){t.tv_sec, t.tv_nsec / (long)MICROSECOND};
}

int setitimer(int which, const struct itimerval *restrict value, struct itimerval *restrict old)
{
	uint64_t first, interval;

	if (which < 0 || which >= TIMERS || !value || !valid(&value->it_value) || !valid(&value->it_interval))
		return uk_time_result(-EINVAL);
	first = ns_of(&value->it_value);
	interval = ns_of(&value->it_interval);
	start(which, &first, &interval);
	if (old)
		*old = (struct itimerval){value_of(interval), value_of(first)};
	return 0;
}

int getitimer(int which, struct itimerval *value)
{
	unsigned long state;
	struct uk_time_timer *t;
	uint64_t left, interval;

	if (which < 0 || which >= TIMERS)
		return uk_time_result(-EINVAL);
	t = take(which, &state);
	left = uk_time_timer_left(t);
	interval = left ? t->interval : 0;
	uk_lock_release_irq(&uk_time_lock, state);
	*value = (struct itimerval){value_of(interval), value_of(left)};
	return 0;
}

/* The seconds that were left, rounded up. */
unsigned alarm(unsigned seconds)
{
	uint64_t value = seconds * SECOND, interval = 0;

	start(ITIMER_REAL, &value, &interval);
	return (unsigned)((value + SECOND - 1) / SECOND);
}

useconds_t ualarm(useconds_t us, useconds_t again)
{
	uint64_t value = (uint64_t)us * MICROSECOND, interval = (uint64_t)again * MICROSECOND;

	start(ITIMER_REAL, &value, &interval);
	return (useconds_t)(uk_time_sum(value, MICROSECOND - 1) / MICROSECOND);
}
