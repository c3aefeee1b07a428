/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* newlib's state of each further thread, in its thread-local storage. The boot thread's is in start.c. */
#include <errno.h>
#include <reent.h>

#include <uk/base.h>
#include <uk/boot.h>

#include "cancel.h"

/* Supplied by posix/thread. */
void uk_libc_pthread_start(void) UK_WEAK;
void uk_libc_pthread_exit(void) UK_WEAK;

static __thread struct _reent own; /* zero at first */

/* newlib's, where the image has stdio: flushes all streams. */
void _cleanup_r(struct _reent *r) UK_WEAK;

void uk_libc_thread_start(void)
{
	_REENT_INIT_PTR_ZEROED(&own);
	uk_newlib_reent = &own;
	/* exit() looks here only, and newlib enters it only when the boot thread is the one that uses a stream first */
	if (_cleanup_r)
		_GLOBAL_REENT->__cleanup = _cleanup_r;
	if (uk_libc_pthread_start)
		uk_libc_pthread_start();
}

void uk_libc_thread_exit(void)
{
	if (uk_libc_pthread_exit)
		uk_libc_pthread_exit();
	_reclaim_reent(uk_newlib_reent);
}

UK_WEAK void uk_libc_cancel_point(void)
{
}

UK_WEAK long uk_libc_sysconf(int name UK_UNUSED)
{
	return -EINVAL;
}
