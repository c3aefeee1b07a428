/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* X/Open's older functions, in terms of the others. */

#include <signal.h>

#include "internal.h"

static int change(int how, int number)
{
	sigset_t set;

	return sigemptyset(&set) || sigaddset(&set, number) || sigprocmask(how, &set, NULL) ? -1 : 0;
}

int sighold(int number)
{
	return change(SIG_BLOCK, number);
}

int sigrelse(int number)
{
	return change(SIG_UNBLOCK, number);
}

int sigignore(int number)
{
	struct sigaction action = {.sa_handler = SIG_IGN};

	return sigaction(number, &action, NULL);
}

int sigpause(int number)
{
	sigset_t mask = uk_signal_mask();

	return sigdelset(&mask, number) ? -1 : sigsuspend(&mask);
}

_sig_func_ptr sigset(int number, _sig_func_ptr handler)
{
	struct sigaction action = {.sa_handler = handler}, old;
	const bool held = uk_signal_valid(number) && (uk_signal_mask() & uk_signal_bit(number));

	if (handler == SIG_ERR || sigaction(number, handler == SIG_HOLD ? NULL : &action, &old)) {
		errno = EINVAL;
		return SIG_ERR;
	}
	if (handler == SIG_HOLD && (uk_signal_bit(number) & UNBLOCKABLE)) {
		errno = EINVAL;
		return SIG_ERR;
	}
	change(handler == SIG_HOLD ? SIG_BLOCK : SIG_UNBLOCK, number);
	return held ? SIG_HOLD : old.sa_handler;
}

_sig_func_ptr bsd_signal(int number, _sig_func_ptr handler)
{
	return signal(number, handler);
}
