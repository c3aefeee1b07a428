/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Waiting for signals. */

#include <unistd.h>

#include "internal.h"

#define SECOND 1000000000ull

struct uk_wait_queue uk_signal_waiters = UK_WAIT_QUEUE_INIT(uk_signal_waiters);
unsigned uk_signal_waiting;
uint64_t uk_signal_awaited;

/* Supplied by a thread library: end the calling thread if it is cancelled. */
void uk_libc_cancel_point(void) UK_WEAK;

static void cancel_point(void)
{
	if (uk_libc_cancel_point)
		uk_libc_cancel_point();
}

static bool pending(uint64_t mask)
{
	const uint64_t bits = __atomic_load_n(&uk_signal_self.pending.bits, __ATOMIC_RELAXED) |
			      __atomic_load_n(&uk_signal_process.bits, __ATOMIC_RELAXED);

	return bits & mask;
}

static void set_mask(uint64_t mask)
{
	const unsigned long state = uk_lock_acquire_irq(&uk_signal_lock);

	uk_signal_block(mask);
	uk_lock_release_irq(&uk_signal_lock, state);
}

bool uk_signal_mask_enter(uint64_t mask, uint64_t *before)
{
	*before = uk_signal_self.blocked;
	uk_signal_engine = &uk_signal_full;
	set_mask(mask);
	uk_signal_deliver();
	return uk_signal_self.handled;
}

void uk_signal_mask_leave(uint64_t before)
{
	set_mask(before);
	uk_signal_deliver();
}

int sigsuspend(const sigset_t *mask)
{
	struct uk_wait_queue nobody = UK_WAIT_QUEUE_INIT(nobody);
	uint64_t before;

	cancel_point();
	uk_signal_begin();
	uk_signal_mask_enter(*mask, &before);
	for (;;) {
		const bool waiting = uk_signal_again(false);

		cancel_point();
		if (!waiting)
			break;
		(void)uk_wait_interruptible(&nobody, pending(~uk_signal_self.blocked), UK_WAIT_FOREVER);
	}
	uk_signal_mask_leave(before);
	return uk_signal_result(-EINTR);
}

int pause(void)
{
	const sigset_t mask = uk_signal_self.blocked;

	return sigsuspend(&mask);
}

/* Say which signals are waited for: they are not ignored meanwhile, and other threads need not take them. */
static void await(uint64_t mask)
{
	const unsigned long state = uk_lock_acquire_irq(&uk_signal_lock);

	uk_signal_awaited = (uk_signal_waiting ? uk_signal_awaited : 0) | mask;
	uk_signal_waiting += mask ? 1u : -1u;
	uk_signal_self.awaited = mask;
	uk_lock_release_irq(&uk_signal_lock, state);
}

/* Accept a signal of the mask: its number; -EAGAIN at the deadline, -EINTR after a handler has run. */
static int accept_until(uint64_t mask, siginfo_t *info, uint64_t deadline)
{
	int number, err;

	cancel_point();
	uk_signal_begin();
	while (!(number = uk_signal_take(mask, info))) {
		await(mask);
		err = uk_wait_interruptible(&uk_signal_waiters, pending(mask), deadline);
		await(0);
		if (err == -ETIMEDOUT)
			return -EAGAIN;
		if (err == -EINTR && !pending(mask) && !uk_signal_again(false))
			return -EINTR;
		cancel_point();
	}
	return number;
}

static int wait_for(const sigset_t *set, siginfo_t *info, uint64_t deadline)
{
	const uint64_t mask = *set & ~UNBLOCKABLE;
	siginfo_t own;

	return accept_until(mask, info ? info : &own, deadline);
}

int sigwaitinfo(const sigset_t *restrict set, siginfo_t *restrict info)
{
	return uk_signal_result(wait_for(set, info, UK_WAIT_FOREVER));
}

int sigtimedwait(const sigset_t *restrict set, siginfo_t *restrict info, const struct timespec *restrict timeout)
{
	uint64_t ns, deadline;
	int number;

	if (!timeout)
		return sigwaitinfo(set, info);
	number = wait_for(set, info, 0);
	if (number != -EAGAIN)
		return uk_signal_result(number);
	if (timeout->tv_sec < 0 || timeout->tv_nsec < 0 || timeout->tv_nsec >= (long)SECOND)
		return uk_signal_result(-EINVAL);
	if (__builtin_mul_overflow((uint64_t)timeout->tv_sec, SECOND, &ns) ||
	    __builtin_add_overflow(ns, (uint64_t)timeout->tv_nsec, &ns) ||
	    __builtin_add_overflow(ns, uk_plat_time_ns(), &deadline))
		deadline = UK_WAIT_FOREVER;
	return uk_signal_result(wait_for(set, info, deadline));
}

int sigwait(const sigset_t *restrict set, int *restrict number)
{
	int err;

	do
		err = wait_for(set, NULL, UK_WAIT_FOREVER);
	while (err == -EINTR);
	*number = err;
	return 0;
}
