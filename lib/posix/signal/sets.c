/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Sets of signals. */

#include "internal.h"

int sigemptyset(sigset_t *set)
{
	*set = 0;
	return 0;
}

int sigfillset(sigset_t *set)
{
	*set = ~(sigset_t)0;
	return 0;
}

int sigaddset(sigset_t *set, int number)
{
	if (!uk_signal_valid(number))
		return uk_signal_result(-EINVAL);
	*set |= uk_signal_bit(number);
	return 0;
}

int sigdelset(sigset_t *set, int number)
{
	if (!uk_signal_valid(number))
		return uk_signal_result(-EINVAL);
	*set &= ~uk_signal_bit(number);
	return 0;
}

int sigismember(const sigset_t *set, int number)
{
	if (!uk_signal_valid(number))
		return uk_signal_result(-EINVAL);
	return (*set & uk_signal_bit(number)) != 0;
}

int sigisemptyset(const sigset_t *set)
{
	return !*set;
}

int sigorset(sigset_t *dst, const sigset_t *a, const sigset_t *b)
{
	*dst = *a | *b;
	return 0;
}

int sigandset(sigset_t *dst, const sigset_t *a, const sigset_t *b)
{
	*dst = *a & *b;
	return 0;
}
