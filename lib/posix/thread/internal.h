/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What the files of posix/thread share: the layout of the objects that programs see as opaque, and times.
 *
 * All zero is each object as its static initialiser has it. */
#pragma once

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdint.h>

#include <uk/base.h>
#include <uk/cond.h>
#include <uk/mutex.h>
#include <uk/posix_thread.h>
#include <uk/semaphore.h>
#include <uk/signal.h>

#define PRIORITY_MIN 1 /* of SCHED_FIFO and SCHED_RR */
#define PRIORITY_MAX (UK_SCHED_PRIORITIES - 1)

/* A mutex of a plain, recursive or checking type is a uk_mutex. Any other has a word that the fast paths always fail
 * on, and its kind says what it is. */
enum mutex_kind {
	MUTEX_SPECIAL = 16, /* robust, or with a protocol: see special.c */
	MUTEX_DESTROYED,
};

#define MUTEX_WORD ((uint64_t)4) /* of those: no thread pointer, since these are multiples of 8 */

union mutex {
	pthread_mutex_t posix;
	struct uk_mutex core;
	struct {
		uint64_t word;
		struct uk_posix_special *special;
	};
};

/* Attributes: one int. */
struct mutexattr {
	unsigned type : 2, robust : 1, protocol : 2, ceiling : 8, shared : 1, broken : 18;
};

struct cond {
	struct uk_cond core;
	int32_t clock; /* of pthread_cond_timedwait() */
	int32_t destroyed;
};

struct attr {
	size_t stack_size, guard_size;
	void *stack;
	uint64_t affinity;
	int32_t priority;
	uint8_t policy, detached, explicit_sched, valid;
};

_Static_assert(sizeof(struct uk_mutex) == sizeof(pthread_mutex_t), "mutex");
_Static_assert(sizeof(struct mutexattr) == sizeof(pthread_mutexattr_t), "mutex attributes");
_Static_assert(sizeof(struct cond) <= sizeof(pthread_cond_t), "condition variable");
_Static_assert(sizeof(struct attr) <= sizeof(pthread_attr_t), "attributes");
_Static_assert(sizeof(struct uk_sem) <= sizeof(sem_t), "semaphore");

#define ATTR_VALID 0xa5

static inline struct attr *attr_of(pthread_attr_t *a)
{
	return (struct attr *)(void *)a;
}

static inline const struct attr *attr_of_const(const pthread_attr_t *a)
{
	return (const struct attr *)(const void *)a;
}

static inline union mutex *mutex_of(pthread_mutex_t *m)
{
	return (union mutex *)m;
}

/* The deadline for uk_wait() of a time of the given clock, UK_WAIT_FOREVER for one beyond the clock; 0, or EINVAL for a
 * bad time or a clock that cannot be waited for. */
int uk_posix_deadline(clockid_t clock, const struct timespec *until, uint64_t *deadline);

/* Priority and policy of POSIX as the scheduler's parameters and back; 0 or EINVAL. */
int uk_posix_params(int policy, int priority, struct uk_sched_params *params);
int uk_posix_policy(const struct uk_sched_params *params);

/* A set of CPUs as the scheduler's bits: 0, or EINVAL if none of them exists; and back: EINVAL if it has no room. */
int uk_posix_cpus_get(size_t size, const cpu_set_t *set, uint64_t *bits);
int uk_posix_cpus_put(uint64_t bits, size_t size, cpu_set_t *set);

/* The thread that sched_*(pid) means: 0 the caller, 1 the first one; NULL for others. */
struct uk_thread *uk_posix_thread_pid(pid_t pid);

/* Run the destructors of the calling thread's values. */
void uk_posix_values_destroy(struct uk_posix_thread *self);

/* Robust mutexes and those that change priorities (special.c). Results are 0 or an error number. */
struct uk_posix_special;
int uk_posix_special_init(union mutex *m, struct mutexattr attr);
int uk_posix_special_destroy(union mutex *m);
int uk_posix_special_lock(union mutex *m, bool try, uint64_t deadline);
int uk_posix_special_unlock(union mutex *m);
int uk_posix_special_wait(struct uk_cond *c, union mutex *m, uint64_t deadline);
void uk_posix_special_abandon(struct uk_posix_thread *self);

/* The calling thread ends: nobody will unlock what it reads. */
void uk_posix_rwlock_abandon(void);
