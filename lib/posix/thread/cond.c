/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Condition variables: POSIX.1-2017, pthread_cond_*. */

#include "internal.h"

#define SHARED 0x100 /* in an attribute; below it the clock */
#define DESTROYED (-1)

static struct cond *cond_of(pthread_cond_t *c)
{
	return (struct cond *)(void *)c;
}

int pthread_condattr_init(pthread_condattr_t *attr)
{
	attr->uk_value = CLOCK_REALTIME;
	return 0;
}

int pthread_condattr_destroy(pthread_condattr_t *attr)
{
	if (!attr || attr->uk_value == DESTROYED)
		return EINVAL;
	attr->uk_value = DESTROYED;
	return 0;
}

int pthread_condattr_getclock(const pthread_condattr_t *restrict attr, clockid_t *restrict clock)
{
	*clock = attr->uk_value & ~SHARED;
	return attr->uk_value == DESTROYED ? EINVAL : 0;
}

int pthread_condattr_setclock(pthread_condattr_t *attr, clockid_t clock)
{
	if (attr->uk_value == DESTROYED || (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC))
		return EINVAL;
	attr->uk_value = (attr->uk_value & SHARED) | clock;
	return 0;
}

int pthread_condattr_getpshared(const pthread_condattr_t *restrict attr, int *restrict shared)
{
	*shared = attr->uk_value & SHARED ? PTHREAD_PROCESS_SHARED : PTHREAD_PROCESS_PRIVATE;
	return attr->uk_value == DESTROYED ? EINVAL : 0;
}

int pthread_condattr_setpshared(pthread_condattr_t *attr, int shared)
{
	if (attr->uk_value == DESTROYED || (shared != PTHREAD_PROCESS_PRIVATE && shared != PTHREAD_PROCESS_SHARED))
		return EINVAL;
	attr->uk_value = (attr->uk_value & ~SHARED) | (shared == PTHREAD_PROCESS_SHARED ? SHARED : 0);
	return 0;
}

int pthread_cond_init(pthread_cond_t *restrict cond, const pthread_condattr_t *restrict attr)
{
	if (attr && attr->uk_value == DESTROYED)
		return EINVAL;
	*cond = (pthread_cond_t)PTHREAD_COND_INITIALIZER;
	cond_of(cond)->clock = attr ? attr->uk_value & ~SHARED : CLOCK_REALTIME;
	return 0;
}

int pthread_cond_destroy(pthread_cond_t *cond)
{
	return -uk_cond_destroy(&cond_of(cond)->core);
}

/* A wait that a signal handler ended returns 0 as if woken without a reason, which POSIX leaves to us. */
static int wait(struct cond *c, union mutex *m, uint64_t deadline)
{
	int err;

	uk_posix_thread_testcancel();
	if (uk_unlikely(m->core.kind >= MUTEX_SPECIAL))
		err = uk_posix_special_wait(&c->core, m, deadline);
	else
		err = uk_cond_wait(&c->core, &m->core, deadline, UK_COND_INTERRUPTIBLE);
	if (uk_likely(err != -EINTR))
		return -err;
	uk_posix_thread_again(true);
	return 0;
}

int pthread_cond_wait(pthread_cond_t *restrict cond, pthread_mutex_t *restrict mutex)
{
	return wait(cond_of(cond), mutex_of(mutex), UK_WAIT_FOREVER);
}

int pthread_cond_clockwait(pthread_cond_t *restrict cond, pthread_mutex_t *restrict mutex, clockid_t clock,
			   const struct timespec *restrict until)
{
	uint64_t deadline;
	const int err = uk_posix_deadline(clock, until, &deadline);

	return err ? err : wait(cond_of(cond), mutex_of(mutex), deadline);
}

int pthread_cond_timedwait(pthread_cond_t *restrict cond, pthread_mutex_t *restrict mutex,
			   const struct timespec *restrict until)
{
	return pthread_cond_clockwait(cond, mutex, cond_of(cond)->clock, until);
}

int pthread_cond_signal(pthread_cond_t *cond)
{
	uk_cond_signal(&cond_of(cond)->core);
	return 0;
}

int pthread_cond_broadcast(pthread_cond_t *cond)
{
	uk_cond_broadcast(&cond_of(cond)->core);
	return 0;
}
