/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Which signals a thread takes: masks, and what they hold back. */

#include "internal.h"

void uk_signal_block(uint64_t mask)
{
	const uint64_t before = uk_signal_self.blocked;
	uint64_t left;

	uk_signal_self.blocked = mask & ~UNBLOCKABLE;
	/* what this thread might have been about to deliver */
	left = uk_signal_self.blocked & ~before & uk_signal_process.bits;
	for (; left; left &= left - 1)
		uk_signal_choose(__builtin_ctzl(left) + 1, false);
}

int pthread_sigmask(int how, const sigset_t *restrict set, sigset_t *restrict old)
{
	const uint64_t before = uk_signal_self.blocked, given = set ? *set : 0;
	uint64_t mask = before;
	unsigned long state;

	if (set && how == SIG_BLOCK)
		mask |= given;
	else if (set && how == SIG_UNBLOCK)
		mask &= ~given;
	else if (set && how == SIG_SETMASK)
		mask = given;
	else if (set)
		return EINVAL;
	if (old)
		*old = before;
	if (!set)
		return 0;
	uk_signal_engine = &uk_signal_full;
	state = uk_lock_acquire_irq(&uk_signal_lock);
	uk_signal_block(mask);
	uk_lock_release_irq(&uk_signal_lock, state);
	uk_signal_deliver();
	return 0;
}

int sigprocmask(int how, const sigset_t *restrict set, sigset_t *restrict old)
{
	return uk_signal_result(-pthread_sigmask(how, set, old));
}

int sigpending(sigset_t *set)
{
	*set = (uk_signal_self.pending.bits | uk_signal_process.bits) & uk_signal_self.blocked;
	return 0;
}
