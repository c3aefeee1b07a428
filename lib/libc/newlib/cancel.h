/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What a thread library supplies to the system calls here. The weak defaults in reent.c do nothing. */
#pragma once

#include <errno.h>

/* A cancellation point: ends the calling thread if that was asked for. Before calls that may block, and after those
 * that were interrupted; stdio does without, since it holds the stream's lock. Context: a thread. */
void uk_libc_cancel_point(void);

/* What sysconf() says of threads; -EINVAL for other names. Context: any. */
long uk_libc_sysconf(int name);

/* The result of a call, which is thrown away if the thread is cancelled: so only if nothing has been done. */
static inline long uk_newlib_cancel_after(long value)
{
	if (value == -EINTR)
		uk_libc_cancel_point();
	return value;
}

/* A call as a cancellation point. */
#define UK_NEWLIB_CANCELLABLE(call) (uk_libc_cancel_point(), uk_newlib_cancel_after(call))
