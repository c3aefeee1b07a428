/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Times that programs give, as the deadlines that waits take. */

#include "internal.h"

#include <uk/plat/time.h>

#define SECOND 1000000000ll

/* ns from now on the clock until t; saturated. */
static int64_t remaining(const struct timespec *t, const struct timespec *now)
{
	int64_t seconds, ns;

	if (__builtin_sub_overflow((int64_t)t->tv_sec, (int64_t)now->tv_sec, &seconds) ||
	    __builtin_mul_overflow(seconds, SECOND, &ns) ||
	    __builtin_add_overflow(ns, (int64_t)t->tv_nsec - now->tv_nsec, &ns))
		return t->tv_sec < now->tv_sec ? INT64_MIN : INT64_MAX;
	return ns;
}

int uk_posix_deadline(clockid_t clock, const struct timespec *until, uint64_t *deadline)
{
	struct timespec now;
	int64_t left;

	if ((clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC) || until->tv_nsec < 0 || until->tv_nsec >= SECOND)
		return EINVAL;
	clock_gettime(clock, &now);
	left = remaining(until, &now);
	if (left == INT64_MAX)
		*deadline = UK_WAIT_FOREVER;
	else
		*deadline = left > 0 ? uk_plat_time_ns() + (uint64_t)left : 0;
	return 0;
}
