/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Clocks and sleeping over the platform's two clocks. */
#include <limits.h>
#include <reent.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

#include <uk/base.h>
#include <uk/plat/time.h>
#include <uk/wait.h>

#include "duration.h"
#include "result.h"

#define SECOND 1000000000ull

static struct timespec from_ns(uint64_t ns)
{
	return (struct timespec){(time_t)(ns / SECOND), (long)(ns % SECOND)};
}

/* The reading of a clock; one address space and one CPU's worth of program: CPU time is time since the start. */
static int read_clock(clockid_t clock, uint64_t *ns)
{
	static uint64_t start;

	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_COARSE:
		*ns = uk_plat_wall_ns();
		return 0;
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_BOOTTIME:
		*ns = uk_plat_time_ns();
		return 0;
	case CLOCK_PROCESS_CPUTIME_ID:
	case CLOCK_THREAD_CPUTIME_ID:
		*ns = uk_plat_time_ns();
		start = start ? start : *ns;
		*ns -= start;
		return 0;
	default:
		return -EINVAL;
	}
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
	uint64_t ns = 0;
	int err = read_clock(clock, &ns);

	if (err)
		return (int)uk_newlib_result(err);
	*now = from_ns(ns);
	return 0;
}

int clock_getres(clockid_t clock, struct timespec *resolution)
{
	uint64_t ns;
	int err = read_clock(clock, &ns);

	if (err)
		return (int)uk_newlib_result(err);
	if (resolution)
		*resolution = from_ns(1);
	return 0;
}

int clock_settime(clockid_t clock UK_UNUSED, const struct timespec *now UK_UNUSED)
{
	return (int)uk_newlib_result(-EPERM);
}

bool uk_newlib_time_valid(const struct timespec *t)
{
	return t->tv_sec >= 0 && t->tv_nsec >= 0 && t->tv_nsec < (long)SECOND;
}

uint64_t uk_newlib_time_add(uint64_t ns, const struct timespec *t)
{
	uint64_t sum;

	if (__builtin_mul_overflow((uint64_t)t->tv_sec, SECOND, &sum) ||
	    __builtin_add_overflow(sum, (uint64_t)t->tv_nsec, &sum) || __builtin_add_overflow(sum, ns, &sum))
		return UK_WAIT_FOREVER;
	return sum;
}

/* Returns the error instead of setting errno. */
int clock_nanosleep(clockid_t clock, int flags, const struct timespec *wanted, struct timespec *left)
{
	uint64_t now, until;

	if (!uk_newlib_time_valid(wanted) || read_clock(clock, &now))
		return EINVAL;
	until = uk_newlib_time_add(flags & TIMER_ABSTIME ? 0 : now, wanted);
	if (until > now)
		uk_wait_until(until == UK_WAIT_FOREVER ? until : uk_plat_time_ns() + (until - now));
	if (left && !(flags & TIMER_ABSTIME))
		*left = (struct timespec){0};
	return 0;
}

int nanosleep(const struct timespec *wanted, struct timespec *left)
{
	return (int)uk_newlib_result(-clock_nanosleep(CLOCK_MONOTONIC, 0, wanted, left));
}

unsigned sleep(unsigned seconds)
{
	nanosleep(&(struct timespec){(time_t)seconds, 0}, NULL);
	return 0;
}

int usleep(useconds_t us)
{
	return nanosleep(&(struct timespec){us / 1000000, (long)(us % 1000000) * 1000}, NULL);
}

int gettimeofday(struct timeval *restrict now, void *restrict zone UK_UNUSED)
{
	struct timespec t = from_ns(uk_plat_wall_ns());

	*now = (struct timeval){t.tv_sec, t.tv_nsec / 1000};
	return 0;
}

int _gettimeofday_r(struct _reent *r UK_UNUSED, struct timeval *now, void *zone)
{
	return gettimeofday(now, zone);
}

time_t time(time_t *out)
{
	time_t now = (time_t)(uk_plat_wall_ns() / SECOND);

	if (out)
		*out = now;
	return now;
}

clock_t clock(void)
{
	uint64_t ns = 0;

	read_clock(CLOCK_PROCESS_CPUTIME_ID, &ns);
	return (clock_t)(ns / (SECOND / CLOCKS_PER_SEC));
}

clock_t times(struct tms *t)
{
	const clock_t tick = (clock_t)(SECOND / 100); /* sysconf(_SC_CLK_TCK) is 100 */
	uint64_t cpu = 0;

	read_clock(CLOCK_PROCESS_CPUTIME_ID, &cpu);
	if (t)
		*t = (struct tms){.tms_utime = (clock_t)cpu / tick};
	return (clock_t)uk_plat_time_ns() / tick;
}

int getrusage(int who UK_UNUSED, struct rusage *usage)
{
	uint64_t cpu = 0;

	read_clock(CLOCK_PROCESS_CPUTIME_ID, &cpu);
	*usage = (struct rusage){0};
	usage->ru_utime = (struct timeval){(time_t)(cpu / SECOND), (suseconds_t)(cpu % SECOND / 1000)};
	return 0;
}
