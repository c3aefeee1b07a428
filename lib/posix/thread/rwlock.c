/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Read-write locks: POSIX.1-2017, pthread_rwlock_*, on those of sched/lock. Not cancellation points. */

#include "internal.h"

#include <uk/rwlock.h>

_Static_assert(sizeof(struct uk_rwlock) <= sizeof(pthread_rwlock_t), "read-write lock");

static struct uk_rwlock *lock_of(pthread_rwlock_t *l)
{
	return (struct uk_rwlock *)(void *)l;
}

int pthread_rwlockattr_init(pthread_rwlockattr_t *attr)
{
	*attr = (pthread_rwlockattr_t){{PTHREAD_PROCESS_PRIVATE, PTHREAD_RWLOCK_DEFAULT_NP}};
	return 0;
}

int pthread_rwlockattr_destroy(pthread_rwlockattr_t *attr)
{
	attr->uk_value[0] = -1;
	return 0;
}

int pthread_rwlockattr_getpshared(const pthread_rwlockattr_t *restrict attr, int *restrict shared)
{
	*shared = attr->uk_value[0];
	return attr->uk_value[0] < 0 ? EINVAL : 0;
}

int pthread_rwlockattr_setpshared(pthread_rwlockattr_t *attr, int shared)
{
	if (shared != PTHREAD_PROCESS_PRIVATE && shared != PTHREAD_PROCESS_SHARED)
		return EINVAL;
	attr->uk_value[0] = shared;
	return 0;
}

int pthread_rwlockattr_getkind_np(const pthread_rwlockattr_t *attr, int *kind)
{
	*kind = attr->uk_value[1];
	return 0;
}

int pthread_rwlockattr_setkind_np(pthread_rwlockattr_t *attr, int kind)
{
	if (kind < PTHREAD_RWLOCK_PREFER_READER_NP || kind > PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP)
		return EINVAL;
	attr->uk_value[1] = kind;
	return 0;
}

int pthread_rwlock_init(pthread_rwlock_t *restrict lock, const pthread_rwlockattr_t *restrict attr)
{
	if (attr && attr->uk_value[0] < 0)
		return EINVAL;
	uk_rwlock_init(lock_of(lock));
	return 0;
}

/* Read locks whose threads have ended. */
static unsigned abandoned;

void uk_posix_rwlock_abandon(void)
{
	__atomic_fetch_add(&abandoned, uk_rwlock_reading, __ATOMIC_RELAXED);
	uk_rwlock_reading = 0;
}

static bool has_pointer(struct uk_thread *t, void *arg)
{
	const bool found = t->tp == *(void **)arg && !uk_posix_thread_ended(t);

	if (found)
		*(void **)arg = NULL;
	return !found;
}

/* Whether all that hold it have ended. */
static bool left_behind(const struct uk_rwlock *l)
{
	const uint64_t word = uk_lock_peek(&l->word) & ~UK_RWLOCK_WAITERS;
	void *tp = (void *)(uintptr_t)(word & ~UK_RWLOCK_WRITER);

	if (word & UK_RWLOCK_WRITER) {
		uk_thread_each(has_pointer, &tp);
		return tp;
	}
	if (word > __atomic_load_n(&abandoned, __ATOMIC_RELAXED))
		return false;
	__atomic_fetch_sub(&abandoned, (unsigned)word, __ATOMIC_RELAXED);
	return true;
}

/* EBUSY if it is held by a thread that could still unlock it; POSIX leaves that open. */
int pthread_rwlock_destroy(pthread_rwlock_t *lock)
{
	struct uk_rwlock *l = lock_of(lock);

	return uk_rwlock_destroy(l) == 0 || left_behind(l) ? 0 : EBUSY;
}

int pthread_rwlock_rdlock(pthread_rwlock_t *lock)
{
	return -uk_rwlock_read(lock_of(lock), UK_WAIT_FOREVER);
}

int pthread_rwlock_tryrdlock(pthread_rwlock_t *lock)
{
	return -uk_rwlock_try_read(lock_of(lock));
}

int pthread_rwlock_clockrdlock(pthread_rwlock_t *restrict lock, clockid_t clock, const struct timespec *restrict until)
{
	int err = pthread_rwlock_tryrdlock(lock);
	uint64_t deadline;

	if (err != EBUSY)
		return err;
	err = uk_posix_deadline(clock, until, &deadline);
	return err ? err : -uk_rwlock_read(lock_of(lock), deadline);
}

int pthread_rwlock_timedrdlock(pthread_rwlock_t *restrict lock, const struct timespec *restrict until)
{
	return pthread_rwlock_clockrdlock(lock, CLOCK_REALTIME, until);
}

int pthread_rwlock_wrlock(pthread_rwlock_t *lock)
{
	return -uk_rwlock_write(lock_of(lock), UK_WAIT_FOREVER);
}

int pthread_rwlock_trywrlock(pthread_rwlock_t *lock)
{
	return -uk_rwlock_try_write(lock_of(lock));
}

int pthread_rwlock_clockwrlock(pthread_rwlock_t *restrict lock, clockid_t clock, const struct timespec *restrict until)
{
	int err = pthread_rwlock_trywrlock(lock);
	uint64_t deadline;

	if (err != EBUSY)
		return err;
	err = uk_posix_deadline(clock, until, &deadline);
	return err ? err : -uk_rwlock_write(lock_of(lock), deadline);
}

int pthread_rwlock_timedwrlock(pthread_rwlock_t *restrict lock, const struct timespec *restrict until)
{
	return pthread_rwlock_clockwrlock(lock, CLOCK_REALTIME, until);
}

/* EPERM if another thread writes, EINVAL if nobody holds it. */
int pthread_rwlock_unlock(pthread_rwlock_t *lock)
{
	struct uk_rwlock *l = lock_of(lock);

	if (uk_likely(!uk_rwlock_unlock(l)))
		return 0;
	return uk_lock_peek(&l->word) & UK_RWLOCK_WRITER ? EPERM : EINVAL;
}
