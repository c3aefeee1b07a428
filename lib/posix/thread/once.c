/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* pthread_once: POSIX.1-2017. If the function is cancelled, it is as if it had never been called. */

#include "internal.h"

#include <limits.h>

#include <uk/futex.h>

enum {
	NEW, /* PTHREAD_ONCE_INIT */
	RUNNING,
	DONE,
};

static void finish(pthread_once_t *once, int state)
{
	__atomic_store_n(once, state, __ATOMIC_RELEASE);
	uk_futex_wake((uint32_t *)once, UINT_MAX);
}

static void cancelled(void *once)
{
	finish(once, NEW);
}

/* Whether it is the caller's to do; else it is done. */
static bool begin(pthread_once_t *once)
{
	for (;;) {
		int state = NEW;

		if (__atomic_compare_exchange_n(once, &state, RUNNING, false, __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE))
			return true;
		if (state == DONE)
			return false;
		uk_futex_wait((uint32_t *)once, RUNNING, UK_WAIT_FOREVER);
	}
}

int pthread_once(pthread_once_t *once, void (*function)(void))
{
	const int state = __atomic_load_n(once, __ATOMIC_ACQUIRE);

	if (uk_likely(state == DONE))
		return 0;
	if ((state != NEW && state != RUNNING) || !function)
		return EINVAL;
	if (!begin(once))
		return 0;
	pthread_cleanup_push(cancelled, once);
	function();
	pthread_cleanup_pop(0);
	finish(once, DONE);
	return 0;
}
