/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The life of POSIX threads: POSIX.1-2017, pthread_create, _join, _detach, _exit; names.
 *
 * A new thread's state is filled in by its creator, since it may run before pthread_create() goes on. */

#include "internal.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include <uk/clock.h>
#include <uk/plat/cpu.h>

/* POSIX threads that have not ended, the first one included. */
static unsigned running = 1;

/* Who joins whom. */
static struct uk_lock joins = UK_LOCK_INIT;

/* What pthread_create() tells the new thread. */
struct birth {
	pthread_t *id;
	uint64_t mask;
};

static void made(struct uk_thread *t, void *arg)
{
	const struct birth *birth = arg;
	struct uk_posix_thread *p = uk_posix_thread_of(t);

	p->thread = t;
	p->id = uk_posix_thread_id_of(t);
	p->counted = true;
	p->mask = birth->mask;
	*birth->id = p->id;
}

void uk_libc_pthread_start(void)
{
	if (uk_posix_thread_state.counted)
		uk_signal_thread_start(uk_posix_thread_state.mask);
}

void uk_libc_pthread_exit(void)
{
	struct uk_posix_thread *self = &uk_posix_thread_state;

	__atomic_fetch_or(&self->cancel, UK_POSIX_CANCEL_ENDING, __ATOMIC_RELAXED);
	uk_posix_values_destroy(self);
	if (self->held)
		uk_posix_special_abandon(self);
	uk_posix_rwlock_abandon();
	if ((self->counted || uk_thread_self()->boot) && __atomic_sub_fetch(&running, 1, __ATOMIC_ACQ_REL) == 0)
		exit(0); /* POSIX.1-2017, pthread_exit: after the last thread, as if by exit(0) */
	if (self->counted) {
		uk_signal_thread_exit();
		uk_time_thread_exit();
	}
	__atomic_store_n(&self->ended, true, __ATOMIC_RELEASE);
}

_Noreturn void pthread_exit(void *result)
{
	struct uk_posix_thread *self = &uk_posix_thread_state;

	__atomic_fetch_or(&self->cancel, UK_POSIX_CANCEL_ENDING, __ATOMIC_RELAXED);
	while (self->cleanup) {
		struct uk_pthread_cleanup *c = self->cleanup;

		self->cleanup = c->next;
		c->routine(c->arg);
	}
	uk_thread_exit(result);
}

/* What the scheduler gets for the attributes. */
static int convert(const struct attr *a, struct uk_thread_attr *out)
{
	out->stack_size = a->stack_size;
	out->stack = a->stack;
	out->no_guard = !a->guard_size;
	out->detached = a->detached == PTHREAD_CREATE_DETACHED;
	out->affinity = a->affinity;
	if (a->valid != ATTR_VALID)
		return EINVAL;
	return a->explicit_sched ? uk_posix_params(a->policy, a->priority, &out->params) : 0;
}

static void inherit(struct uk_sched_params *params)
{
	const struct uk_sched_params *mine = &uk_thread_self()->entity.params;

	params->priority = uk_posix_thread_state.boosts ? uk_posix_thread_state.priority : mine->priority;
	params->fifo = mine->fifo;
}

int pthread_create(pthread_t *restrict thread, const pthread_attr_t *restrict attr, void *(*start)(void *),
		   void *restrict arg)
{
	pthread_attr_t standard;
	struct birth birth = {thread, uk_signal_mask()};
	struct uk_thread_attr a = {.made = made, .made_arg = &birth};
	struct uk_thread *t;
	int err;

	if (!attr) {
		pthread_attr_init(&standard);
		attr = &standard;
	}
	inherit(&a.params);
	err = convert(attr_of_const(attr), &a);
	if (err)
		return err;
	__atomic_fetch_add(&running, 1, __ATOMIC_RELAXED);
	err = -uk_thread_create(&t, &a, start, arg);
	if (err) {
		__atomic_fetch_sub(&running, 1, __ATOMIC_RELAXED);
		return err == EBUSY ? EAGAIN : err;
	}
	return 0;
}

/* Note that the caller waits for t. EDEADLK: t, or whoever it waits for, waits for the caller, and none has been
 * cancelled. */
static int join_begin(struct uk_posix_thread *self, struct uk_thread *t)
{
	const unsigned long state = uk_lock_acquire_irq(&joins);
	const struct uk_thread *next = t;

	while (next && next != self->thread) {
		const struct uk_posix_thread *p = uk_posix_thread_of(next);

		next = uk_posix_thread_cancelled(p) ? NULL : p->joining;
	}
	if (!next)
		self->joining = t;
	uk_lock_release_irq(&joins, state);
	return next ? EDEADLK : 0;
}

static void join_end(struct uk_posix_thread *self)
{
	const unsigned long state = uk_lock_acquire_irq(&joins);

	self->joining = NULL;
	uk_lock_release_irq(&joins, state);
}

static int join(pthread_t thread, void **result, uint64_t deadline)
{
	struct uk_posix_thread *self = uk_posix_thread_self();
	struct uk_thread *t = uk_posix_thread_find(thread);
	int err;

	if (!t)
		return ESRCH;
	uk_posix_thread_testcancel();
	uk_signal_begin();
	do {
		err = join_begin(self, t);
		if (err)
			return err;
		err = uk_thread_join(t, result, deadline, true);
		join_end(self);
	} while (err == -EINTR && (uk_posix_thread_again(true), true)); /* never EINTR: POSIX forbids it */
	return -err;
}

int pthread_join(pthread_t thread, void **result)
{
	return join(thread, result, UK_WAIT_FOREVER);
}

int pthread_tryjoin_np(pthread_t thread, void **result)
{
	const int err = join(thread, result, 0);

	return err == ETIMEDOUT ? EBUSY : err;
}

int pthread_clockjoin_np(pthread_t thread, void **result, clockid_t clock, const struct timespec *until)
{
	uint64_t deadline = UK_WAIT_FOREVER;

	if (until && uk_posix_deadline(clock, until, &deadline))
		return EINVAL;
	return join(thread, result, deadline);
}

int pthread_timedjoin_np(pthread_t thread, void **result, const struct timespec *until)
{
	return pthread_clockjoin_np(thread, result, CLOCK_REALTIME, until);
}

int pthread_detach(pthread_t thread)
{
	struct uk_thread *t = uk_posix_thread_find(thread);

	return t ? -uk_thread_detach(t) : ESRCH;
}

int pthread_setname_np(pthread_t thread, const char *name)
{
	struct uk_thread *t = uk_posix_thread_find(thread);

	if (strlen(name) >= UK_THREAD_NAME)
		return ERANGE;
	if (!t)
		return ESRCH;
	uk_thread_name_set(t, name);
	return 0;
}

int pthread_getname_np(pthread_t thread, char *name, size_t size)
{
	const struct uk_thread *t = uk_posix_thread_find(thread);

	if (!t)
		return ESRCH;
	if (strlen(t->name) >= size)
		return ERANGE;
	strcpy(name, t->name);
	return 0;
}

/* A hint that POSIX lets an implementation ignore, but that has to be kept. */
static int concurrency;

int pthread_getconcurrency(void)
{
	return concurrency;
}

int pthread_setconcurrency(int level)
{
	if (level < 0)
		return EINVAL;
	concurrency = level;
	return 0;
}

int pthread_getcpuclockid(pthread_t thread, clockid_t *clock)
{
	const struct uk_thread *t = uk_posix_thread_find(thread);

	if (!t)
		return ESRCH;
	*clock = uk_time_thread_clock(t);
	return 0;
}
