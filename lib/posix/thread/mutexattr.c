/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Attributes of mutexes: POSIX.1-2017, pthread_mutexattr_*. Destroyed ones are recognised: `broken` is not 0 then. */

#include "internal.h"

static struct mutexattr *attr_at(pthread_mutexattr_t *a)
{
	return (struct mutexattr *)(void *)a;
}

static const struct mutexattr *attr_in(const pthread_mutexattr_t *a)
{
	return (const struct mutexattr *)(const void *)a;
}

int pthread_mutexattr_init(pthread_mutexattr_t *attr)
{
	*attr_at(attr) = (struct mutexattr){.ceiling = PRIORITY_MAX};
	return 0;
}

int pthread_mutexattr_destroy(pthread_mutexattr_t *attr)
{
	if (!attr || attr_at(attr)->broken)
		return EINVAL;
	attr_at(attr)->broken = 1;
	return 0;
}

int pthread_mutexattr_getprioceiling(const pthread_mutexattr_t *restrict attr, int *restrict ceiling)
{
	*ceiling = attr_in(attr)->ceiling;
	return attr_in(attr)->broken ? EINVAL : 0;
}

int pthread_mutexattr_setprioceiling(pthread_mutexattr_t *attr, int ceiling)
{
	if (attr_at(attr)->broken || ceiling < PRIORITY_MIN || ceiling > PRIORITY_MAX)
		return EINVAL;
	attr_at(attr)->ceiling = (unsigned)ceiling & 0xff;
	return 0;
}

int pthread_mutexattr_getprotocol(const pthread_mutexattr_t *restrict attr, int *restrict protocol)
{
	*protocol = attr_in(attr)->protocol;
	return attr_in(attr)->broken ? EINVAL : 0;
}

int pthread_mutexattr_setprotocol(pthread_mutexattr_t *attr, int protocol)
{
	if (!attr || attr_at(attr)->broken)
		return EINVAL;
	if (protocol != PTHREAD_PRIO_NONE && protocol != PTHREAD_PRIO_INHERIT && protocol != PTHREAD_PRIO_PROTECT)
		return EINVAL;
	attr_at(attr)->protocol = (unsigned)protocol & 3;
	return 0;
}

int pthread_mutexattr_getpshared(const pthread_mutexattr_t *restrict attr, int *restrict shared)
{
	*shared = attr_in(attr)->shared;
	return attr_in(attr)->broken ? EINVAL : 0;
}

int pthread_mutexattr_setpshared(pthread_mutexattr_t *attr, int shared)
{
	if (attr_at(attr)->broken || (shared != PTHREAD_PROCESS_PRIVATE && shared != PTHREAD_PROCESS_SHARED))
		return EINVAL;
	attr_at(attr)->shared = (unsigned)shared & 1;
	return 0;
}

int pthread_mutexattr_getrobust(const pthread_mutexattr_t *restrict attr, int *restrict robust)
{
	*robust = attr_in(attr)->robust;
	return attr_in(attr)->broken ? EINVAL : 0;
}

int pthread_mutexattr_setrobust(pthread_mutexattr_t *attr, int robust)
{
	if (attr_at(attr)->broken || (robust != PTHREAD_MUTEX_STALLED && robust != PTHREAD_MUTEX_ROBUST))
		return EINVAL;
	attr_at(attr)->robust = (unsigned)robust & 1;
	return 0;
}

int pthread_mutexattr_getrobust_np(const pthread_mutexattr_t *attr, int *robust)
{
	return pthread_mutexattr_getrobust(attr, robust);
}

int pthread_mutexattr_setrobust_np(pthread_mutexattr_t *attr, int robust)
{
	return pthread_mutexattr_setrobust(attr, robust);
}

int pthread_mutexattr_gettype(const pthread_mutexattr_t *restrict attr, int *restrict type)
{
	*type = attr_in(attr)->type;
	return attr_in(attr)->broken ? EINVAL : 0;
}

int pthread_mutexattr_settype(pthread_mutexattr_t *attr, int type)
{
	if (!attr || attr_at(attr)->broken)
		return EINVAL;
	if (type != PTHREAD_MUTEX_NORMAL && type != PTHREAD_MUTEX_RECURSIVE && type != PTHREAD_MUTEX_ERRORCHECK)
		return EINVAL;
	attr_at(attr)->type = (unsigned)type & 3;
	return 0;
}
