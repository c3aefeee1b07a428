/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Attributes of threads: POSIX.1-2017, pthread_attr_*. */

#include "internal.h"

#include <posix/thread/config.h>

#include <uk/plat/memory.h>

int pthread_attr_init(pthread_attr_t *attr)
{
	*attr = (pthread_attr_t){{0}};
	*attr_of(attr) = (struct attr){
	    .stack_size = (size_t)CONFIG_POSIX_THREAD_STACK << 10,
	    .guard_size = UK_PAGE_SIZE,
	    .valid = ATTR_VALID,
	};
	return 0;
}

int pthread_attr_destroy(pthread_attr_t *attr)
{
	if (attr_of(attr)->valid != ATTR_VALID)
		return EINVAL;
	attr_of(attr)->valid = 0;
	return 0;
}

int pthread_attr_getdetachstate(const pthread_attr_t *attr, int *state)
{
	*state = attr_of_const(attr)->detached;
	return attr_of_const(attr)->valid == ATTR_VALID ? 0 : EINVAL;
}

int pthread_attr_setdetachstate(pthread_attr_t *attr, int state)
{
	if (attr_of(attr)->valid != ATTR_VALID ||
	    (state != PTHREAD_CREATE_DETACHED && state != PTHREAD_CREATE_JOINABLE))
		return EINVAL;
	attr_of(attr)->detached = (uint8_t)state;
	return 0;
}

int pthread_attr_getguardsize(const pthread_attr_t *restrict attr, size_t *restrict size)
{
	*size = attr_of_const(attr)->guard_size;
	return 0;
}

int pthread_attr_setguardsize(pthread_attr_t *attr, size_t size)
{
	attr_of(attr)->guard_size = size;
	return 0;
}

int pthread_attr_getinheritsched(const pthread_attr_t *restrict attr, int *restrict inherit)
{
	*inherit = attr_of_const(attr)->explicit_sched;
	return 0;
}

int pthread_attr_setinheritsched(pthread_attr_t *attr, int inherit)
{
	if (inherit != PTHREAD_INHERIT_SCHED && inherit != PTHREAD_EXPLICIT_SCHED)
		return EINVAL;
	attr_of(attr)->explicit_sched = (uint8_t)inherit;
	return 0;
}

int pthread_attr_getschedparam(const pthread_attr_t *restrict attr, struct sched_param *restrict param)
{
	param->sched_priority = attr_of_const(attr)->priority;
	return 0;
}

/* Whether it goes with the policy is seen by pthread_create(): a program may set the two in any order. */
int pthread_attr_setschedparam(pthread_attr_t *restrict attr, const struct sched_param *restrict param)
{
	if (param->sched_priority < 0 || param->sched_priority > PRIORITY_MAX)
		return EINVAL;
	attr_of(attr)->priority = param->sched_priority;
	return 0;
}

int pthread_attr_getschedpolicy(const pthread_attr_t *restrict attr, int *restrict policy)
{
	*policy = attr_of_const(attr)->policy;
	return 0;
}

int pthread_attr_setschedpolicy(pthread_attr_t *attr, int policy)
{
	if (policy != SCHED_OTHER && policy != SCHED_FIFO && policy != SCHED_RR)
		return EINVAL;
	attr_of(attr)->policy = (uint8_t)policy;
	return 0;
}

int pthread_attr_getscope(const pthread_attr_t *restrict attr UK_UNUSED, int *restrict scope)
{
	*scope = PTHREAD_SCOPE_SYSTEM;
	return 0;
}

int pthread_attr_setscope(pthread_attr_t *attr UK_UNUSED, int scope)
{
	if (scope == PTHREAD_SCOPE_PROCESS)
		return ENOTSUP;
	return scope == PTHREAD_SCOPE_SYSTEM ? 0 : EINVAL;
}

int pthread_attr_getstacksize(const pthread_attr_t *restrict attr, size_t *restrict size)
{
	*size = attr_of_const(attr)->stack_size;
	return 0;
}

int pthread_attr_setstacksize(pthread_attr_t *attr, size_t size)
{
	if (size < PTHREAD_STACK_MIN)
		return EINVAL;
	attr_of(attr)->stack_size = size;
	return 0;
}

int pthread_attr_getstack(const pthread_attr_t *restrict attr, void **restrict stack, size_t *restrict size)
{
	*stack = attr_of_const(attr)->stack;
	*size = attr_of_const(attr)->stack_size;
	return 0;
}

int pthread_attr_setstack(pthread_attr_t *attr, void *stack, size_t size)
{
	const uintptr_t low = (uintptr_t)stack;

	if (size < PTHREAD_STACK_MIN || low % 16 || size % 16 || low + size < low)
		return EINVAL;
	attr_of(attr)->stack = stack;
	attr_of(attr)->stack_size = size;
	return 0;
}

/* These two take the end of the stack, as on Linux where it grows down: withdrawn from POSIX in 2008. */
int pthread_attr_getstackaddr(const pthread_attr_t *restrict attr, void **restrict top)
{
	const struct attr *a = attr_of_const(attr);

	*top = a->stack ? (char *)a->stack + a->stack_size : NULL;
	return 0;
}

int pthread_attr_setstackaddr(pthread_attr_t *attr, void *top)
{
	struct attr *a = attr_of(attr);

	if ((uintptr_t)top % 16 || (uintptr_t)top < a->stack_size)
		return EINVAL;
	a->stack = (char *)top - a->stack_size;
	return 0;
}

int pthread_attr_getaffinity_np(const pthread_attr_t *attr, size_t size, cpu_set_t *set)
{
	const uint64_t bits = attr_of_const(attr)->affinity;

	return uk_posix_cpus_put(bits ? bits : UINT64_MAX, size, set);
}

int pthread_attr_setaffinity_np(pthread_attr_t *attr, size_t size, const cpu_set_t *set)
{
	if (!set || !size) { /* as on Linux: no wish any more */
		attr_of(attr)->affinity = 0;
		return 0;
	}
	return uk_posix_cpus_get(size, set, &attr_of(attr)->affinity);
}

int pthread_getattr_np(pthread_t thread, pthread_attr_t *attr)
{
	const struct uk_thread *t = uk_posix_thread_find(thread);
	struct attr *a = attr_of(attr);

	if (!t)
		return ESRCH;
	pthread_attr_init(attr);
	a->stack = t->stack;
	a->stack_size = t->stack_size;
	a->guard_size = t->guarded ? UK_PAGE_SIZE : 0;
	a->affinity = t->affinity;
	a->detached = t->detached;
	a->priority = (int32_t)t->entity.params.priority;
	a->policy = (uint8_t)uk_posix_policy(&t->entity.params);
	return 0;
}
