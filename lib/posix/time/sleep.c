/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Sleeping, until a time comes or a signal has been handled. */

#include <unistd.h>

#include <uk/signal.h>

#include "internal.h"

/* Supplied by a thread library: end the calling thread if it is cancelled. */
void uk_libc_cancel_point(void) UK_WEAK;

static void cancel_point(void)
{
	if (uk_libc_cancel_point)
		uk_libc_cancel_point();
}

static uint64_t now_of(bool real)
{
	return real ? uk_time_real() : uk_plat_time_ns();
}

/* Sleep until the clock shows `until`: 0, or -EINTR. If it is set meanwhile it is read again. */
static int sleep_until(bool real, uint64_t until)
{
	struct uk_wait_queue own = UK_WAIT_QUEUE_INIT(own), *queue = real ? &uk_time_setting : &own;

	cancel_point();
	uk_signal_begin();
	for (;;) {
		const unsigned sets = __atomic_load_n(&uk_time_sets, __ATOMIC_SEQ_CST);
		const uint64_t now = now_of(real);
		uint64_t deadline = UK_WAIT_FOREVER;

		if (until != UINT64_MAX && now >= until)
			return 0;
		if (until != UINT64_MAX)
			deadline = uk_time_sum(uk_plat_time_ns(), until - now);
		if (uk_wait_interruptible(queue, real && uk_time_sets != sets, deadline) != -EINTR)
			continue;
		if (!uk_signal_again(false))
			return -EINTR;
		cancel_point();
	}
}

/* Returns the error. */
int clock_nanosleep(clockid_t clock, int flags, const struct timespec *wanted, struct timespec *left)
{
	uint64_t now, until;
	int err;

	if (!uk_time_valid(wanted) || clock == CLOCK_THREAD_CPUTIME_ID || uk_time_read(clock, &now))
		return EINVAL;
	if (uk_time_is_cpu(clock))
		return ENOTSUP;
	until = uk_time_ns(wanted);
	if (flags & TIMER_ABSTIME)
		return -sleep_until(clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE, until);
	until = uk_time_sum(uk_plat_time_ns(), until);
	err = sleep_until(false, until);
	if (err && left) {
		now = uk_plat_time_ns();
		*left = uk_time_spec(until > now ? until - now : 0);
	}
	return -err;
}

int nanosleep(const struct timespec *wanted, struct timespec *left)
{
	return uk_time_result(-clock_nanosleep(CLOCK_MONOTONIC, 0, wanted, left));
}

/* The seconds that are left, rounded. */
unsigned sleep(unsigned seconds)
{
	struct timespec left = {0, 0};

	if (!clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){(time_t)seconds, 0}, &left))
		return 0;
	return (unsigned)left.tv_sec + (left.tv_nsec >= (long)SECOND / 2);
}

int usleep(useconds_t us)
{
	return nanosleep(&(struct timespec){us / 1000000, (long)(us % 1000000) * 1000}, NULL);
}
