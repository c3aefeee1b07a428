/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Priorities and policies: POSIX.1-2017, sched_* and pthread_*sched*.
 *
 * The scheduler knows priorities from 0 and whether a thread keeps the CPU until it waits. SCHED_OTHER is priority 0;
 * SCHED_RR and SCHED_FIFO have the priorities above it. How much these mean is decided by the scheduler in use. */

#include "internal.h"

#include <stdlib.h>

int uk_posix_params(int policy, int priority, struct uk_sched_params *params)
{
	const bool fixed = policy == SCHED_FIFO || policy == SCHED_RR;

	if (!fixed && policy != SCHED_OTHER)
		return EINVAL;
	if (priority < (fixed ? PRIORITY_MIN : 0) || priority > (fixed ? PRIORITY_MAX : 0))
		return EINVAL;
	*params = (struct uk_sched_params){.priority = (unsigned)priority, .fifo = policy == SCHED_FIFO};
	return 0;
}

int uk_posix_policy(const struct uk_sched_params *params)
{
	if (params->fifo)
		return SCHED_FIFO;
	return params->priority ? SCHED_RR : SCHED_OTHER;
}

/* Parameters as the program set them, without what mutexes made of them. */
static struct uk_sched_params own_params(const struct uk_thread *t)
{
	const struct uk_posix_thread *p = uk_posix_thread_of(t);
	struct uk_sched_params params = t->entity.params;

	if (p->boosts)
		params.priority = p->priority;
	return params;
}

static int set(struct uk_thread *t, int policy, int priority)
{
	struct uk_posix_thread *p;
	struct uk_sched_params params;
	int err;

	if (!t)
		return ESRCH;
	err = uk_posix_params(policy, priority, &params);
	if (err)
		return err;
	p = uk_posix_thread_of(t);
	p->priority = params.priority;
	if (p->boosts)
		params.priority = UK_MAX(params.priority, t->entity.params.priority);
	/* what the scheduler in use cannot grant */
	err = -uk_thread_params_set(t, &params);
	return err == EBUSY ? ENOTSUP : err;
}

int pthread_getschedparam(pthread_t thread, int *restrict policy, struct sched_param *restrict param)
{
	const struct uk_thread *t = uk_posix_thread_find(thread);
	struct uk_sched_params params;

	if (!t)
		return ESRCH;
	params = own_params(t);
	*policy = uk_posix_policy(&params);
	param->sched_priority = (int)params.priority;
	return 0;
}

int pthread_setschedparam(pthread_t thread, int policy, const struct sched_param *param)
{
	return set(uk_posix_thread_find(thread), policy, param->sched_priority);
}

int pthread_setschedprio(pthread_t thread, int priority)
{
	struct uk_thread *t = uk_posix_thread_find(thread);
	struct uk_sched_params params;

	if (!t)
		return ESRCH;
	params = own_params(t);
	return set(t, uk_posix_policy(&params), priority);
}

static bool find_boot(struct uk_thread *t, void *arg)
{
	if (t->boot)
		*(struct uk_thread **)arg = t;
	return !t->boot;
}

struct uk_thread *uk_posix_thread_pid(pid_t pid)
{
	struct uk_thread *boot = NULL;

	if (pid == 0)
		return uk_thread_self();
	if (pid == 1)
		uk_thread_each(find_boot, &boot);
	return boot;
}

static int result(int error)
{
	if (!error)
		return 0;
	errno = error;
	return -1;
}

static int known(pid_t pid, const struct uk_thread *t)
{
	if (pid < 0)
		return EINVAL;
	return t ? 0 : ESRCH;
}

int sched_getparam(pid_t pid, struct sched_param *param)
{
	const struct uk_thread *t = uk_posix_thread_pid(pid);
	const int err = param ? known(pid, t) : EINVAL;

	if (!err)
		param->sched_priority = (int)own_params(t).priority;
	return result(err);
}

int sched_getscheduler(pid_t pid)
{
	const struct uk_thread *t = uk_posix_thread_pid(pid);
	const int err = known(pid, t);
	struct uk_sched_params params;

	if (err)
		return result(err);
	params = own_params(t);
	return uk_posix_policy(&params);
}

int sched_setparam(pid_t pid, const struct sched_param *param)
{
	struct uk_thread *t = uk_posix_thread_pid(pid);
	const int err = param ? known(pid, t) : EINVAL;
	struct uk_sched_params params;

	if (err)
		return result(err);
	params = own_params(t);
	return result(set(t, uk_posix_policy(&params), param->sched_priority));
}

int sched_setscheduler(pid_t pid, int policy, const struct sched_param *param)
{
	struct uk_thread *t = uk_posix_thread_pid(pid);
	const int err = param ? known(pid, t) : EINVAL;
	struct uk_sched_params before;

	if (err)
		return result(err);
	before = own_params(t);
	if (result(set(t, policy, param->sched_priority)))
		return -1;
	return uk_posix_policy(&before);
}

int sched_get_priority_max(int policy)
{
	if (policy == SCHED_OTHER)
		return 0;
	return policy == SCHED_FIFO || policy == SCHED_RR ? PRIORITY_MAX : result(EINVAL);
}

int sched_get_priority_min(int policy)
{
	if (policy == SCHED_OTHER)
		return 0;
	return policy == SCHED_FIFO || policy == SCHED_RR ? PRIORITY_MIN : result(EINVAL);
}

int sched_yield(void)
{
	uk_thread_yield();
	return 0;
}

int pthread_yield(void)
{
	return sched_yield();
}

/* How long the policy in use lets a thread of this priority run while another one is ready: asked of a queue that is
 * made up for the purpose. 0: for ever, or the policy cannot say. */
static uint64_t slice(const struct uk_sched_ops *ops, struct uk_sched_params params)
{
	struct uk_sched_entity running = {.params = params}, other = {.params = params};
	void *queue = calloc(1, ops->queue_size);
	uint64_t ns = 0;

	if (!queue)
		return 0;
	ops->init(queue);
	ops->add(queue, &other, UK_SCHED_NEW, 0);
	if (ops->slice)
		ns = ops->slice(queue, &running);
	free(queue);
	return ns == UINT64_MAX ? 0 : ns;
}

int sched_rr_get_interval(pid_t pid, struct timespec *interval)
{
	const struct uk_thread *t = uk_posix_thread_pid(pid);
	const int err = known(pid, t);
	uint64_t ns;

	if (err)
		return result(err);
	ns = slice(uk_sched_current(), t->entity.params);
	*interval = (struct timespec){(time_t)(ns / 1000000000), (long)(ns % 1000000000)};
	return 0;
}
