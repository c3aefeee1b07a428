/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Mutexes: POSIX.1-2017, pthread_mutex_*. Those of a plain, recursive or checking type are the mutexes of sched/lock;
 * robust ones and those with a priority protocol are special.c's. */

#include "internal.h"

_Static_assert(PTHREAD_MUTEX_NORMAL == (int)UK_MUTEX_PLAIN && PTHREAD_MUTEX_RECURSIVE == (int)UK_MUTEX_RECURSIVE &&
		   PTHREAD_MUTEX_ERRORCHECK == (int)UK_MUTEX_CHECKED,
	       "mutex types");

static bool is_special(const union mutex *m)
{
	return uk_unlikely(m->core.kind >= MUTEX_SPECIAL);
}

int pthread_mutex_init(pthread_mutex_t *restrict mutex, const pthread_mutexattr_t *restrict attr)
{
	union mutex *m = mutex_of(mutex);
	struct mutexattr a = {0};

	if (attr)
		a = *(const struct mutexattr *)(const void *)attr;
	if (a.broken)
		return EINVAL;
	uk_mutex_init(&m->core, (enum uk_mutex_kind)a.type);
	return a.robust || a.protocol ? uk_posix_special_init(m, a) : 0;
}

int pthread_mutex_destroy(pthread_mutex_t *mutex)
{
	union mutex *m = mutex_of(mutex);
	const int err = is_special(m) ? uk_posix_special_destroy(m) : -uk_mutex_destroy(&m->core);

	if (err)
		return err;
	m->word = MUTEX_WORD;
	m->core.kind = MUTEX_DESTROYED;
	return 0;
}

int pthread_mutex_lock(pthread_mutex_t *mutex)
{
	union mutex *m = mutex_of(mutex);

	return is_special(m) ? uk_posix_special_lock(m, false, UK_WAIT_FOREVER) : -uk_mutex_lock(&m->core);
}

int pthread_mutex_trylock(pthread_mutex_t *mutex)
{
	union mutex *m = mutex_of(mutex);

	return is_special(m) ? uk_posix_special_lock(m, true, 0) : -uk_mutex_try(&m->core);
}

int pthread_mutex_clocklock(pthread_mutex_t *restrict mutex, clockid_t clock, const struct timespec *restrict until)
{
	union mutex *m = mutex_of(mutex);
	int err = pthread_mutex_trylock(mutex); /* the time does not matter, nor is it looked at, if it is free */
	uint64_t deadline;

	if (err != EBUSY)
		return err;
	err = uk_posix_deadline(clock, until, &deadline);
	if (err)
		return err;
	return is_special(m) ? uk_posix_special_lock(m, false, deadline) : -uk_mutex_lock_until(&m->core, deadline);
}

int pthread_mutex_timedlock(pthread_mutex_t *restrict mutex, const struct timespec *restrict until)
{
	return pthread_mutex_clocklock(mutex, CLOCK_REALTIME, until);
}

/* A normal mutex that another thread holds: POSIX leaves open what happens, and on Linux it is unlocked, which programs
 * make use of. The caller becomes the holder first. EPERM if nobody holds it, and for the other types. */
static int unlock_anyway(struct uk_mutex *m)
{
	uint64_t word;

	do {
		word = uk_lock_peek(&m->word);
		if (m->kind != UK_MUTEX_PLAIN || !(word & ~(uint64_t)UK_MUTEX_FLAGS))
			return EPERM;
	} while (!uk_lock_swap(&m->word, word, uk_lock_self() | (word & UK_MUTEX_FLAGS)));
	return -uk_mutex_unlock(m);
}

int pthread_mutex_unlock(pthread_mutex_t *mutex)
{
	union mutex *m = mutex_of(mutex);
	int err;

	if (is_special(m))
		return uk_posix_special_unlock(m);
	err = uk_mutex_unlock(&m->core);
	return uk_likely(!err) ? 0 : unlock_anyway(&m->core);
}
