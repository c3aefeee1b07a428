/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What a signal does: sigaction() and what is made of it. */

#include <reent.h>

#include "internal.h"

struct sigaction uk_signal_actions[NSIG];

const struct uk_signal_engine uk_signal_full = {uk_signal_raise, uk_signal_deliver, uk_signal_fault};

/* siginterrupt() has asked that handlers set by signal() end waits. */
static uint64_t interrupting;

bool uk_signal_ignored(int number)
{
	const _sig_func_ptr handler = uk_signal_actions[number].sa_handler;

	return handler == SIG_IGN || (handler == SIG_DFL && uk_signal_default_ignored(number));
}

static void set(int number, const struct sigaction *action)
{
	uk_signal_engine = &uk_signal_full;
	uk_signal_actions[number] = *action;
	if (!uk_signal_ignored(number))
		return;
	uk_signal_queue_drop(&uk_signal_process, number);
	uk_signal_forget(number);
}

int sigaction(int number, const struct sigaction *restrict action, struct sigaction *restrict old)
{
	struct sigaction before;
	unsigned long state;

	if (!uk_signal_valid(number) || (action && (uk_signal_bit(number) & UNBLOCKABLE)))
		return uk_signal_result(-EINVAL);
	state = uk_lock_acquire_irq(&uk_signal_lock);
	before = uk_signal_actions[number];
	if (action)
		set(number, action);
	uk_lock_release_irq(&uk_signal_lock, state);
	if (old)
		*old = before;
	return 0;
}

_sig_func_ptr signal(int number, _sig_func_ptr handler)
{
	struct sigaction action = {.sa_handler = handler}, old;

	if (!uk_signal_valid(number) || handler == SIG_ERR) {
		errno = EINVAL;
		return SIG_ERR;
	}
	if (!(interrupting & uk_signal_bit(number)))
		action.sa_flags = SA_RESTART;
	return sigaction(number, &action, &old) ? SIG_ERR : old.sa_handler;
}

_sig_func_ptr _signal_r(struct _reent *r UK_UNUSED, int number, _sig_func_ptr handler)
{
	return signal(number, handler);
}

int siginterrupt(int number, int flag)
{
	struct sigaction action;

	if (sigaction(number, NULL, &action) < 0)
		return -1;
	if (flag) {
		interrupting |= uk_signal_bit(number);
		action.sa_flags &= ~SA_RESTART;
	} else {
		interrupting &= ~uk_signal_bit(number);
		action.sa_flags |= SA_RESTART;
	}
	return sigaction(number, &action, NULL);
}
