/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* C11 7.27 and POSIX: clocks and waiting; no calendar. */
#pragma once

#include <stddef.h>
#include <sys/types.h>

struct timespec {
	time_t tv_sec;
	long tv_nsec;
};

#define CLOCK_REALTIME 0
#define CLOCK_MONOTONIC 1

/* Seconds since 1970, or -1 with ENODEV where the platform does not know. Context: any. */
time_t time(time_t *result);

/* 0, or -1 with errno: EINVAL for other clocks, ENODEV where the platform has no wall clock. Context: any. */
int clock_gettime(clockid_t clock, struct timespec *now);

/* Wait; 0, or -1 with EINVAL for a bad time. *left is never needed: nothing interrupts. Context: threads. */
int nanosleep(const struct timespec *wanted, struct timespec *left);
