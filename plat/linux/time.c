/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The clocks, read without a system call where the kernel offers that. */

#include <uk/plat/time.h>

#include "linux.h"
#include "syscall.h"

#define NS_PER_S 1000000000ull
enum {
	REALTIME,
	MONOTONIC
};

static int by_system_call(int clock, struct uk_linux_timespec *t)
{
	return (int)uk_linux_call3(UK_LINUX_CLOCK_GETTIME, clock, (long)t, 0);
}

static uint64_t read_clock(int clock)
{
	static int (*function)(int clock, struct uk_linux_timespec *t);
	struct uk_linux_timespec t = {0, 0};

	if (!function) {
		function = (int (*)(int, struct uk_linux_timespec *))uk_linux_vdso_find("__vdso_clock_gettime");
		if (!function)
			function = by_system_call;
	}
	function(clock, &t);
	return (uint64_t)t.sec * NS_PER_S + (uint64_t)t.nsec;
}

uint64_t uk_plat_time_ns(void)
{
	return read_clock(MONOTONIC);
}

uint64_t uk_plat_wall_ns(void)
{
	return read_clock(REALTIME);
}
