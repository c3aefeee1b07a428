/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Calls that may wait: what signals and cancellation do with them. What a thread library supplies has weak defaults in
 * reent.c, which do nothing. */
#pragma once

#include <errno.h>
#include <stdbool.h>

#include <uk/signal.h>

/* A cancellation point: ends the calling thread if that was asked for. Before calls that may block, and after those
 * that were interrupted; stdio does without, since it holds the stream's lock. Context: a thread. */
void uk_libc_cancel_point(void);

/* What sysconf() says of threads: -1 for no limit, -EINVAL for other names. Context: any. */
long uk_libc_sysconf(int name);

/* A wait was ended: the handlers of signals run, a cancelled thread ends here unless it is in the middle of stdio.
 * Whether to wait again, as uk_signal_again(). Context: a thread. */
static inline bool uk_newlib_again(bool restart, bool cancellable)
{
	const bool again = uk_signal_again(restart);

	if (cancellable)
		uk_libc_cancel_point();
	return again;
}

/* Make a call until it is not interrupted; uk_signal_begin() has been called. */
#define UK_NEWLIB_WAIT(call, restart, cancellable)                                                                     \
	__extension__({                                                                                                \
		long wait_value_;                                                                                      \
		do                                                                                                     \
			wait_value_ = (call);                                                                          \
		while (wait_value_ == -EINTR && uk_newlib_again(restart, cancellable));                                \
		wait_value_;                                                                                           \
	})

/* A call as a cancellation point, and as what stdio makes, which handlers with SA_RESTART do not end. */
#define UK_NEWLIB_CANCELLABLE(call) (uk_libc_cancel_point(), uk_signal_begin(), UK_NEWLIB_WAIT(call, true, true))
#define UK_NEWLIB_RESTARTED(call) (uk_signal_begin(), UK_NEWLIB_WAIT(call, true, false))
