/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Barriers: POSIX.1-2017, pthread_barrier_*. One of sched/lock is larger than what Linux' size leaves, so that it is
 * allocated: there is no static initialiser. */

#include "internal.h"

#include <stdlib.h>

#include <uk/barrier.h>

#define CHECK 0x6261727269657221ul

/* What a pthread_barrier_t holds; one that was never initialised or is destroyed is recognised by the check. */
struct handle {
	struct uk_barrier *barrier;
	uintptr_t check; /* the pointer, and CHECK */
};

static struct handle *handle_of(pthread_barrier_t *b)
{
	return (struct handle *)(void *)b;
}

static struct uk_barrier *barrier_of(pthread_barrier_t *b)
{
	const struct handle *h = handle_of(b);

	return ((uintptr_t)h->barrier ^ CHECK) == h->check ? h->barrier : NULL;
}

int pthread_barrierattr_init(pthread_barrierattr_t *attr)
{
	attr->uk_value = PTHREAD_PROCESS_PRIVATE;
	return 0;
}

int pthread_barrierattr_destroy(pthread_barrierattr_t *attr)
{
	attr->uk_value = -1;
	return 0;
}

int pthread_barrierattr_getpshared(const pthread_barrierattr_t *restrict attr, int *restrict shared)
{
	*shared = attr->uk_value;
	return attr->uk_value < 0 ? EINVAL : 0;
}

int pthread_barrierattr_setpshared(pthread_barrierattr_t *attr, int shared)
{
	if (shared != PTHREAD_PROCESS_PRIVATE && shared != PTHREAD_PROCESS_SHARED)
		return EINVAL;
	attr->uk_value = shared;
	return 0;
}

int pthread_barrier_init(pthread_barrier_t *restrict barrier, const pthread_barrierattr_t *restrict attr,
			 unsigned count)
{
	struct uk_barrier *b;

	if (count == 0 || (attr && attr->uk_value < 0))
		return EINVAL;
	b = malloc(sizeof(*b));
	if (!b)
		return ENOMEM;
	uk_barrier_init(b, count);
	*handle_of(barrier) = (struct handle){b, (uintptr_t)b ^ CHECK};
	return 0;
}

int pthread_barrier_destroy(pthread_barrier_t *barrier)
{
	struct uk_barrier *b = barrier_of(barrier);
	int err;

	if (!b)
		return EINVAL;
	err = -uk_barrier_destroy(b);
	if (err)
		return err;
	free(b);
	*handle_of(barrier) = (struct handle){NULL, 0};
	return 0;
}

int pthread_barrier_wait(pthread_barrier_t *barrier)
{
	struct uk_barrier *b = barrier_of(barrier);

	if (!b)
		return EINVAL;
	return uk_barrier_wait(b, UK_WAIT_FOREVER) == UK_BARRIER_LAST ? PTHREAD_BARRIER_SERIAL_THREAD : 0;
}
