/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Robust mutexes and those with PTHREAD_PRIO_INHERIT or PTHREAD_PRIO_PROTECT: POSIX.1-2017, pthread_mutex_lock,
 * pthread_mutex_consistent, pthread_mutexattr_setprotocol. What they need beyond a mutex of sched/lock is allocated by
 * pthread_mutex_init(); they are listed by the thread that holds them.
 *
 * Locking: `lock` covers the lists of held mutexes and of waiters, owners, and which priority a thread ought to have.
 */

#include "internal.h"

#include <stdlib.h>

#include <uk/lock.h>

enum state {
	CONSISTENT,
	OWNER_DEAD,      /* its holder ended; the next one is told */
	NOT_RECOVERABLE, /* and did not mend it */
};

/* A thread that waits for a mutex with PTHREAD_PRIO_INHERIT. */
struct uk_posix_waiter {
	struct uk_posix_special *mutex;
	unsigned priority;
	struct uk_posix_waiter *next;
};

struct uk_posix_special {
	struct uk_mutex core;
	struct uk_posix_special *next; /* held by the same thread */
	struct uk_posix_thread *owner;
	struct uk_posix_waiter *waiters;
	struct mutexattr attr;
	enum state state;
};

static struct uk_lock lock = UK_LOCK_INIT;

int uk_posix_special_init(union mutex *m, struct mutexattr attr)
{
	struct uk_posix_special *s = calloc(1, sizeof(*s));

	if (!s)
		return ENOMEM;
	uk_mutex_init(&s->core, (enum uk_mutex_kind)attr.type);
	s->attr = attr;
	m->special = s;
	m->word = MUTEX_WORD;
	m->core.kind = MUTEX_SPECIAL;
	return 0;
}

/* What it is, NULL for a mutex that was destroyed. */
static struct uk_posix_special *special_of(const union mutex *m)
{
	return m->core.kind == MUTEX_SPECIAL ? m->special : NULL;
}

int uk_posix_special_destroy(union mutex *m)
{
	struct uk_posix_special *s = special_of(m);
	int err;

	if (!s)
		return EINVAL;
	err = -uk_mutex_destroy(&s->core);
	if (!err)
		free(s);
	return err;
}

/* The priority that a mutex gives to its holder. */
static unsigned given(const struct uk_posix_special *s)
{
	unsigned top = s->attr.protocol == PTHREAD_PRIO_PROTECT ? s->attr.ceiling : 0;

	for (const struct uk_posix_waiter *w = s->waiters; w; w = w->next)
		top = UK_MAX(top, w->priority);
	return top;
}

/* The priority that the thread ought to have; whether mutexes make it. Context: locked. */
static unsigned due(struct uk_posix_thread *p)
{
	unsigned own = p->boosts ? p->priority : p->thread->entity.params.priority, top = own;

	for (const struct uk_posix_special *s = p->held; s; s = s->next)
		top = UK_MAX(top, given(s));
	p->priority = own;
	p->boosts = top != own;
	return top;
}

static void set_priority(struct uk_thread *t, unsigned priority)
{
	struct uk_sched_params params = t->entity.params;

	if (params.priority == priority)
		return;
	params.priority = priority;
	uk_thread_params_set(t, &params);
}

/* Give the caller the priority that it ought to have; another CPU may change that meanwhile. */
static void settle(struct uk_posix_thread *self)
{
	unsigned priority;
	unsigned long state;

	do {
		state = uk_lock_acquire_irq(&lock);
		priority = due(self);
		uk_lock_release_irq(&lock, state);
		set_priority(self->thread, priority);
		state = uk_lock_acquire_irq(&lock);
		priority ^= due(self);
		uk_lock_release_irq(&lock, state);
	} while (priority);
}

/* A waiter of s has come or has become more urgent: pass that on to the holder, and to whom that one waits for.
 * Context: locked. */
static void pass_on(struct uk_posix_special *s)
{
	while (s && s->owner) {
		struct uk_posix_thread *owner = s->owner;
		const unsigned priority = due(owner);

		set_priority(owner->thread, priority);
		s = owner->waiting && owner->waiting->priority < priority ? owner->waiting->mutex : NULL;
		if (s)
			owner->waiting->priority = priority;
	}
}

static void waiter_add(struct uk_posix_thread *self, struct uk_posix_special *s, struct uk_posix_waiter *w)
{
	const unsigned long state = uk_lock_acquire_irq(&lock);

	*w = (struct uk_posix_waiter){s, self->thread->entity.params.priority, s->waiters};
	s->waiters = w;
	pass_on(s);
	self->waiting = w;
	uk_lock_release_irq(&lock, state);
}

static void waiter_remove(struct uk_posix_thread *self, struct uk_posix_special *s)
{
	const unsigned long state = uk_lock_acquire_irq(&lock);
	struct uk_posix_waiter **at = &s->waiters;

	while (*at != self->waiting)
		at = &(*at)->next;
	*at = self->waiting->next;
	self->waiting = NULL;
	if (s->owner && s->owner != self)
		set_priority(s->owner->thread, due(s->owner));
	uk_lock_release_irq(&lock, state);
}

/* The caller has got it: 0, EOWNERDEAD, or ENOTRECOVERABLE and it has not. */
static int taken(struct uk_posix_thread *self, struct uk_posix_special *s)
{
	unsigned long state;

	if (s->state == NOT_RECOVERABLE) {
		uk_mutex_unlock(&s->core);
		return ENOTRECOVERABLE;
	}
	state = uk_lock_acquire_irq(&lock);
	s->owner = self;
	s->next = self->held;
	self->held = s;
	uk_lock_release_irq(&lock, state);
	if (s->attr.protocol != PTHREAD_PRIO_NONE)
		settle(self);
	return s->state == OWNER_DEAD ? EOWNERDEAD : 0;
}

static int wait_for(struct uk_posix_thread *self, struct uk_posix_special *s, uint64_t deadline)
{
	struct uk_posix_waiter waiter;
	int err;

	if (s->attr.protocol != PTHREAD_PRIO_INHERIT)
		return -uk_mutex_lock_until(&s->core, deadline);
	waiter_add(self, s, &waiter);
	err = -uk_mutex_lock_until(&s->core, deadline);
	waiter_remove(self, s);
	return err;
}

int uk_posix_special_lock(union mutex *m, bool try, uint64_t deadline)
{
	struct uk_posix_thread *self = uk_posix_thread_self();
	struct uk_posix_special *s = special_of(m);
	int err;

	if (!s)
		return EINVAL;
	if (uk_mutex_held(&s->core)) /* once more, or an error */
		return try ? -uk_mutex_try(&s->core) : -uk_mutex_lock_until(&s->core, deadline);
	if (s->state == NOT_RECOVERABLE)
		return ENOTRECOVERABLE;
	if (s->attr.protocol == PTHREAD_PRIO_PROTECT &&
	    (self->boosts ? self->priority : self->thread->entity.params.priority) > s->attr.ceiling)
		return EINVAL;
	err = -uk_mutex_try(&s->core);
	if (err == EBUSY && !try)
		err = wait_for(self, s, deadline);
	return err ? err : taken(self, s);
}

/* Take it from the list of those that the caller holds. */
static void drop(struct uk_posix_thread *self, struct uk_posix_special *s)
{
	const unsigned long state = uk_lock_acquire_irq(&lock);
	struct uk_posix_special **at = &self->held;

	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	s->owner = NULL;
	uk_lock_release_irq(&lock, state);
	if (s->state == OWNER_DEAD)
		s->state = NOT_RECOVERABLE;
}

int uk_posix_special_unlock(union mutex *m)
{
	struct uk_posix_thread *self = uk_posix_thread_self();
	struct uk_posix_special *s = special_of(m);
	bool protocol;

	if (!s)
		return EINVAL;
	if (!uk_mutex_held(&s->core))
		return EPERM;
	if (s->core.depth)
		return -uk_mutex_unlock(&s->core);
	protocol = s->attr.protocol != PTHREAD_PRIO_NONE; /* once unlocked, another thread may destroy it */
	drop(self, s);
	uk_mutex_unlock(&s->core);
	if (protocol)
		settle(self);
	return 0;
}

int uk_posix_special_wait(struct uk_cond *c, union mutex *m, uint64_t deadline)
{
	struct uk_posix_thread *self = uk_posix_thread_self();
	struct uk_posix_special *s = special_of(m);
	int err, mutex_err;

	if (!s)
		return -EINVAL;
	if (!uk_mutex_held(&s->core))
		return -EPERM;
	drop(self, s);
	if (s->attr.protocol != PTHREAD_PRIO_NONE)
		settle(self);
	err = uk_cond_wait(c, &s->core, deadline, UK_COND_INTERRUPTIBLE);
	mutex_err = taken(self, s);
	return mutex_err ? -mutex_err : err;
}

void uk_posix_special_abandon(struct uk_posix_thread *self)
{
	struct uk_posix_special *s = self->held, *next;

	for (; s; s = next) {
		next = s->next;
		if (!s->attr.robust)
			continue; /* stays locked for ever */
		drop(self, s);
		s->state = OWNER_DEAD; /* also if its holder had not mended it yet */
		while (uk_mutex_held(&s->core))
			uk_mutex_unlock(&s->core);
	}
}

int pthread_mutex_consistent(pthread_mutex_t *mutex)
{
	struct uk_posix_special *s = special_of(mutex_of(mutex));

	if (!s || !s->attr.robust || s->state != OWNER_DEAD || !uk_mutex_held(&s->core))
		return EINVAL;
	s->state = CONSISTENT;
	return 0;
}

int pthread_mutex_consistent_np(pthread_mutex_t *mutex)
{
	return pthread_mutex_consistent(mutex);
}

int pthread_mutex_getprioceiling(const pthread_mutex_t *restrict mutex, int *restrict ceiling)
{
	const struct uk_posix_special *s = special_of((const union mutex *)mutex);

	if (!s || s->attr.protocol != PTHREAD_PRIO_PROTECT)
		return EINVAL;
	*ceiling = s->attr.ceiling;
	return 0;
}

int pthread_mutex_setprioceiling(pthread_mutex_t *restrict mutex, int ceiling, int *restrict old)
{
	struct uk_posix_special *s = special_of(mutex_of(mutex));
	int err;

	if (!s || s->attr.protocol != PTHREAD_PRIO_PROTECT || ceiling < PRIORITY_MIN || ceiling > PRIORITY_MAX)
		return EINVAL;
	err = -uk_mutex_lock(&s->core); /* the protocol does not count here, says the standard */
	if (err)
		return err;
	if (old)
		*old = s->attr.ceiling;
	s->attr.ceiling = (unsigned)ceiling & 0xff;
	uk_mutex_unlock(&s->core);
	return 0;
}
