/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <errno.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

#include <uk/plat/time.h>
#include <uk/wait.h>

#define NS_PER_S UINT64_C(1000000000)

static int fail(int error)
{
	errno = error;
	return -1;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
	uint64_t ns;

	if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)
		return fail(EINVAL);
	ns = clock == CLOCK_REALTIME ? uk_plat_wall_ns() : uk_plat_time_ns();
	if (clock == CLOCK_REALTIME && !ns)
		return fail(ENODEV);
	*now = (struct timespec){(time_t)(ns / NS_PER_S), (long)(ns % NS_PER_S)};
	return 0;
}

time_t time(time_t *result)
{
	struct timespec now = {-1, 0};

	clock_gettime(CLOCK_REALTIME, &now);
	if (result)
		*result = now.tv_sec;
	return now.tv_sec;
}

static void wait_for(uint64_t ns)
{
	uint64_t deadline;

	if (__builtin_add_overflow(uk_plat_time_ns(), ns, &deadline))
		deadline = UK_WAIT_FOREVER;
	uk_wait_until(deadline);
}

int nanosleep(const struct timespec *wanted, struct timespec *left)
{
	uint64_t ns;

	if (wanted->tv_sec < 0 || wanted->tv_nsec < 0 || wanted->tv_nsec >= (long)NS_PER_S)
		return fail(EINVAL);
	if (__builtin_mul_overflow((uint64_t)wanted->tv_sec, NS_PER_S, &ns))
		ns = UINT64_MAX;
	else if (__builtin_add_overflow(ns, (uint64_t)wanted->tv_nsec, &ns))
		ns = UINT64_MAX;
	wait_for(ns);
	if (left)
		*left = (struct timespec){0, 0};
	return 0;
}

unsigned sleep(unsigned seconds)
{
	wait_for(seconds * NS_PER_S);
	return 0;
}

int usleep(useconds_t us)
{
	wait_for(us * UINT64_C(1000));
	return 0;
}
