/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Clocks: the platform's two, an offset that makes CLOCK_REALTIME settable, and CPU time. */

#include <reent.h>
#include <sys/time.h>
#include <unistd.h>

#include "internal.h"

unsigned uk_time_sets;
struct uk_wait_queue uk_time_setting = UK_WAIT_QUEUE_INIT(uk_time_setting);

/* CLOCK_REALTIME is the platform's clock plus this, CLOCK_PROCESS_CPUTIME_ID what was used plus that; modulo 2^64. */
static uint64_t offset, cpu_offset;

/* A machine that does not know the time begins at the epoch. */
static inline uint64_t platform_real(void)
{
	const uint64_t wall = uk_plat_wall_ns();

	return uk_likely(wall) ? wall : uk_plat_time_ns();
}

uint64_t uk_time_real(void)
{
	return platform_real() + __atomic_load_n(&offset, __ATOMIC_RELAXED);
}

/* What cpu.c replaces: without threads, CPU time is the time since it was first asked for. */
UK_WEAK uint64_t uk_time_cpu_process(void)
{
	static uint64_t start;
	const uint64_t now = uk_plat_time_ns();

	start = start ? start : now;
	return now - start;
}

UK_WEAK uint64_t uk_time_cpu_self(void)
{
	return uk_time_cpu_process();
}

UK_WEAK int uk_time_cpu_thread(clockid_t clock UK_UNUSED, uint64_t *ns UK_UNUSED)
{
	return -EINVAL;
}

UK_WEAK void uk_time_rearm(void)
{
}

int uk_time_read(clockid_t clock, uint64_t *ns)
{
	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_COARSE:
		*ns = uk_time_real();
		return 0;
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_BOOTTIME:
		*ns = uk_plat_time_ns();
		return 0;
	case CLOCK_PROCESS_CPUTIME_ID:
		*ns = uk_time_cpu_process() + __atomic_load_n(&cpu_offset, __ATOMIC_RELAXED);
		return 0;
	case CLOCK_THREAD_CPUTIME_ID:
		*ns = uk_time_cpu_self();
		return 0;
	default:
		return clock < 0 ? uk_time_cpu_thread(clock, ns) : -EINVAL;
	}
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
	uint64_t ns;
	int err;

	if (uk_likely(clock == CLOCK_MONOTONIC)) {
		*now = uk_time_spec(uk_plat_time_ns());
		return 0;
	}
	err = uk_time_read(clock, &ns);
	if (err)
		return uk_time_result(err);
	*now = uk_time_spec(ns);
	return 0;
}

int clock_getres(clockid_t clock, struct timespec *resolution)
{
	uint64_t ns;
	int err = uk_time_read(clock, &ns);

	if (err)
		return uk_time_result(err);
	if (resolution)
		*resolution = (struct timespec){0, 1};
	return 0;
}

static int set(clockid_t clock, uint64_t ns)
{
	if (ns >= INT64_MAX)
		return -EINVAL;
	if (clock == CLOCK_PROCESS_CPUTIME_ID) {
		__atomic_store_n(&cpu_offset, ns - uk_time_cpu_process(), __ATOMIC_RELAXED);
		return 0;
	}
	__atomic_store_n(&offset, ns - platform_real(), __ATOMIC_RELAXED);
	__atomic_fetch_add(&uk_time_sets, 1, __ATOMIC_SEQ_CST);
	uk_wait_wake(&uk_time_setting);
	uk_time_rearm();
	return 0;
}

int clock_settime(clockid_t clock, const struct timespec *now)
{
	uint64_t ns;

	if (clock == CLOCK_REALTIME || clock == CLOCK_PROCESS_CPUTIME_ID)
		return uk_time_result(set(clock, uk_time_valid(now) ? uk_time_ns(now) : UINT64_MAX));
	/* the others cannot be set: POSIX.1-2017 wants EINVAL for CLOCK_MONOTONIC */
	return uk_time_result(uk_time_is_cpu(clock) && !uk_time_read(clock, &ns) ? -EPERM : -EINVAL);
}

/* Returns the error. */
int clock_getcpuclockid(pid_t pid, clockid_t *clock)
{
	if (pid && pid != getpid())
		return ESRCH;
	*clock = CLOCK_PROCESS_CPUTIME_ID;
	return 0;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone UK_UNUSED)
{
	const struct timespec t = uk_time_spec(uk_time_real());

	*now = (struct timeval){t.tv_sec, t.tv_nsec / 1000};
	return 0;
}

int _gettimeofday_r(struct _reent *r UK_UNUSED, struct timeval *now, void *zone)
{
	return gettimeofday(now, zone);
}

int settimeofday(const struct timeval *now, const struct timezone *zone UK_UNUSED)
{
	struct timespec t;

	if (!now)
		return 0;
	t = (struct timespec){now->tv_sec, (long)now->tv_usec * 1000};
	return clock_settime(CLOCK_REALTIME, &t);
}

time_t time(time_t *out)
{
	const time_t now = (time_t)(uk_time_real() / SECOND);

	if (out)
		*out = now;
	return now;
}
