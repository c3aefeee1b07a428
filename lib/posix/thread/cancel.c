/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Cancellation: POSIX.1-2017, XSH 2.9.5. A request is a bit in the thread's state; a waiting thread is woken by
 * uk_thread_interrupt(), one that may be cancelled anywhere is
 * made to call uk_posix_thread_work() by posix/signal, which posts to it. */

#include "internal.h"

#include <uk/plat/cpu.h>

_Noreturn void uk_posix_thread_cancel_now(void)
{
	pthread_exit(PTHREAD_CANCELED);
}

void pthread_testcancel(void)
{
	uk_posix_thread_testcancel();
}

void uk_libc_cancel_point(void)
{
	uk_posix_thread_testcancel();
}

bool uk_posix_thread_again(bool restart)
{
	bool again;

	uk_posix_thread_testcancel();
	again = uk_signal_again(restart);
	uk_posix_thread_testcancel(); /* a handler may have asked for it */
	return again;
}

void uk_posix_thread_work(void)
{
	if (uk_posix_thread_state.cancel & UK_POSIX_CANCEL_ASYNC)
		uk_posix_thread_testcancel();
}

int pthread_cancel(pthread_t thread)
{
	struct uk_thread *t = uk_posix_thread_find(thread);
	struct uk_posix_thread *p;
	uint32_t c;

	if (!t)
		return ESRCH;
	if (uk_posix_thread_ended(t))
		return 0; /* it has ended and can be joined */
	p = uk_posix_thread_of(t);
	c = __atomic_or_fetch(&p->cancel, UK_POSIX_CANCEL_REQUESTED, __ATOMIC_SEQ_CST);
	if (!uk_posix_thread_cancelled(p))
		return 0;
	if (t == uk_thread_self()) {
		if (c & UK_POSIX_CANCEL_ASYNC)
			uk_posix_thread_cancel_now();
	} else if (c & UK_POSIX_CANCEL_ASYNC) {
		uk_signal_post(t);
	} else {
		uk_thread_interrupt(t);
	}
	return 0;
}

/* Change one bit of the caller's; which value it had. */
static bool change(uint32_t bit, bool on)
{
	uint32_t *word = &uk_posix_thread_state.cancel;

	if (on)
		return __atomic_fetch_or(word, bit, __ATOMIC_SEQ_CST) & bit;
	return __atomic_fetch_and(word, ~bit, __ATOMIC_SEQ_CST) & bit;
}

int pthread_setcancelstate(int state, int *old)
{
	bool was;

	if (state != PTHREAD_CANCEL_ENABLE && state != PTHREAD_CANCEL_DISABLE)
		return EINVAL;
	was = change(UK_POSIX_CANCEL_DISABLED, state == PTHREAD_CANCEL_DISABLE);
	if (old)
		*old = was ? PTHREAD_CANCEL_DISABLE : PTHREAD_CANCEL_ENABLE;
	uk_posix_thread_work(); /* a request that came before takes effect as soon as it may */
	return 0;
}

int pthread_setcanceltype(int type, int *old)
{
	bool was;

	if (type != PTHREAD_CANCEL_DEFERRED && type != PTHREAD_CANCEL_ASYNCHRONOUS)
		return EINVAL;
	was = change(UK_POSIX_CANCEL_ASYNC, type == PTHREAD_CANCEL_ASYNCHRONOUS);
	if (old)
		*old = was ? PTHREAD_CANCEL_ASYNCHRONOUS : PTHREAD_CANCEL_DEFERRED;
	uk_posix_thread_work(); /* a request that came before takes effect as soon as it may */
	return 0;
}

void uk_posix_cleanup_push(struct uk_pthread_cleanup *c, void (*routine)(void *), void *arg, int defer)
{
	c->routine = routine;
	c->arg = arg;
	c->next = uk_posix_thread_state.cleanup;
	if (defer)
		pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, &c->type);
	uk_posix_thread_state.cleanup = c;
}

void uk_posix_cleanup_pop(int execute, int restore)
{
	const struct uk_pthread_cleanup *c = uk_posix_thread_state.cleanup;

	uk_posix_thread_state.cleanup = c->next;
	if (execute)
		c->routine(c->arg);
	if (restore)
		pthread_setcanceltype(c->type, NULL);
}
