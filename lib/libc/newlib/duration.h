/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* How long a call is to wait, as the program gives it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* Whether it is a duration: not negative, less than a second in tv_nsec. Context: any. */
static inline bool uk_newlib_time_valid(const struct timespec *t)
{
	return t->tv_sec >= 0 && t->tv_nsec >= 0 && t->tv_nsec < 1000000000;
}

/* ns + t, a valid one; UINT64_MAX, which is UK_WAIT_FOREVER, if that is beyond the clock. Context: any. */
static inline uint64_t uk_newlib_time_add(uint64_t ns, const struct timespec *t)
{
	uint64_t sum;

	if (__builtin_mul_overflow((uint64_t)t->tv_sec, 1000000000ull, &sum) ||
	    __builtin_add_overflow(sum, (uint64_t)t->tv_nsec, &sum) || __builtin_add_overflow(sum, ns, &sum))
		return UINT64_MAX;
	return sum;
}
