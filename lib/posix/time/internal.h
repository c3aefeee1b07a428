/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What the files of posix/time share. */
#pragma once

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include <uk/base.h>
#include <uk/clock.h>
#include <uk/log.h>
#include <uk/plat/time.h>
#include <uk/wait.h>

#define SECOND 1000000000ull

/* -errno to -1 with errno. */
static inline int uk_time_result(int value)
{
	if (value >= 0)
		return value;
	errno = -value;
	return -1;
}

/* Say once that something is not there; -ENOSYS. */
#define UK_TIME_MISSING(name)                                                                                          \
	__extension__({                                                                                                \
		static bool told_;                                                                                     \
		if (!told_)                                                                                            \
			uk_warn(name " is not supported here");                                                        \
		told_ = true;                                                                                          \
		-ENOSYS;                                                                                               \
	})

static inline struct timespec uk_time_spec(uint64_t ns)
{
	const uint64_t seconds = ns / SECOND;

	return (struct timespec){(time_t)seconds, (long)(ns - seconds * SECOND)};
}

/* Whether it is a time: not negative, less than a second in tv_nsec. */
static inline bool uk_time_valid(const struct timespec *t)
{
	return t->tv_sec >= 0 && (unsigned long)t->tv_nsec < SECOND;
}

/* a + b ns; UINT64_MAX if that is too much. */
static inline uint64_t uk_time_sum(uint64_t a, uint64_t b)
{
	uint64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

/* A valid time in ns; UINT64_MAX if that is too much. */
static inline uint64_t uk_time_ns(const struct timespec *t)
{
	uint64_t ns;

	if (__builtin_mul_overflow((uint64_t)t->tv_sec, SECOND, &ns))
		return UINT64_MAX;
	return uk_time_sum(ns, (uint64_t)t->tv_nsec);
}

/* CLOCK_REALTIME now. Context: any. */
uint64_t uk_time_real(void);

/* Counts the times it was set; whoever depends on it waits here for more. */
extern unsigned uk_time_sets;
extern struct uk_wait_queue uk_time_setting;

/* Any clock now: 0, or -EINVAL. Context: any. */
int uk_time_read(clockid_t clock, uint64_t *ns);

/* Whether it counts CPU time. */
static inline bool uk_time_is_cpu(clockid_t clock)
{
	return clock == CLOCK_PROCESS_CPUTIME_ID || clock == CLOCK_THREAD_CPUTIME_ID || clock < 0;
}

/* CPU time of the process, of the calling thread, of the thread of a clock: -EINVAL if it has ended. Context: any. */
uint64_t uk_time_cpu_process(void);
uint64_t uk_time_cpu_self(void);
int uk_time_cpu_thread(clockid_t clock, uint64_t *ns);

/* CLOCK_REALTIME was set: timers that follow it look again. Context: a thread. */
void uk_time_rearm(void);
