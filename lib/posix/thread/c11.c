/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* C11 threads (ISO/IEC 9899:2011, 7.26), on pthreads. */

#include <threads.h>

#include "internal.h"

static int result(int err)
{
	switch (err) {
	case 0:
		return thrd_success;
	case EBUSY:
		return thrd_busy;
	case ETIMEDOUT:
		return thrd_timedout;
	case ENOMEM:
		return thrd_nomem;
	default:
		return thrd_error;
	}
}

void call_once(once_flag *flag, void (*function)(void))
{
	pthread_once(flag, function);
}

int cnd_broadcast(cnd_t *cond)
{
	return result(pthread_cond_broadcast(cond));
}

void cnd_destroy(cnd_t *cond)
{
	pthread_cond_destroy(cond);
}

int cnd_init(cnd_t *cond)
{
	return result(pthread_cond_init(cond, NULL));
}

int cnd_signal(cnd_t *cond)
{
	return result(pthread_cond_signal(cond));
}

int cnd_timedwait(cnd_t *restrict cond, mtx_t *restrict mutex, const struct timespec *restrict until)
{
	return result(pthread_cond_timedwait(cond, mutex, until));
}

int cnd_wait(cnd_t *cond, mtx_t *mutex)
{
	return result(pthread_cond_wait(cond, mutex));
}

void mtx_destroy(mtx_t *mutex)
{
	pthread_mutex_destroy(mutex);
}

int mtx_init(mtx_t *mutex, int type)
{
	if (type & ~(mtx_recursive | mtx_timed))
		return thrd_error;
	uk_mutex_init(&mutex_of(mutex)->core, type & mtx_recursive ? UK_MUTEX_RECURSIVE : UK_MUTEX_PLAIN);
	return thrd_success;
}

int mtx_lock(mtx_t *mutex)
{
	return result(pthread_mutex_lock(mutex));
}

int mtx_timedlock(mtx_t *restrict mutex, const struct timespec *restrict until)
{
	return result(pthread_mutex_timedlock(mutex, until));
}

int mtx_trylock(mtx_t *mutex)
{
	return result(pthread_mutex_trylock(mutex));
}

int mtx_unlock(mtx_t *mutex)
{
	return result(pthread_mutex_unlock(mutex));
}

int thrd_create(thrd_t *thread, thrd_start_t start, void *arg)
{
	/* the calling convention returns an int where it returns a pointer; thrd_join() takes what is the int's */
	const int err = pthread_create(thread, NULL, (void *(*)(void *))(void (*)(void))start, arg);

	return err == EAGAIN ? thrd_nomem : result(err);
}

thrd_t thrd_current(void)
{
	return pthread_self();
}

int thrd_detach(thrd_t thread)
{
	return result(pthread_detach(thread));
}

int thrd_equal(thrd_t a, thrd_t b)
{
	return pthread_equal(a, b);
}

_Noreturn void thrd_exit(int code)
{
	pthread_exit((void *)(intptr_t)code);
}

int thrd_join(thrd_t thread, int *code)
{
	void *value;
	const int err = pthread_join(thread, &value);

	if (!err && code)
		*code = (int)(intptr_t)value;
	return result(err);
}

/* -1 if a signal ended it, another negative number for an error. */
int thrd_sleep(const struct timespec *duration, struct timespec *remaining)
{
	const int err = clock_nanosleep(CLOCK_REALTIME, 0, duration, remaining);

	return err == EINTR ? -1 : err ? -2 : 0;
}

void thrd_yield(void)
{
	sched_yield();
}

int tss_create(tss_t *key, tss_dtor_t destructor)
{
	return result(pthread_key_create(key, destructor));
}

void tss_delete(tss_t key)
{
	pthread_key_delete(key);
}

void *tss_get(tss_t key)
{
	return pthread_getspecific(key);
}

int tss_set(tss_t key, void *value)
{
	return result(pthread_setspecific(key, value));
}
