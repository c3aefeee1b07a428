/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* POSIX.1-2017 <semaphore.h>. Implemented by posix/thread. Errors: -1 with errno set. */
#pragma once

#include <fcntl.h>
#include <limits.h>
#include <sys/types.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef union {
	unsigned long uk_space[4];
	char uk_size[32];
} sem_t;

#define SEM_FAILED ((sem_t *)0)

/* An unnamed semaphore; shared is accepted, since there is one process. EINVAL: value beyond SEM_VALUE_MAX. */
int sem_init(sem_t *sem, int shared, unsigned value);
int sem_destroy(sem_t *sem);

/* Take one: waiting for it, or until an absolute time of CLOCK_REALTIME or another clock, or not at all. EAGAIN,
 * ETIMEDOUT, EINVAL (a bad time), EINTR (a signal handler ran), EDEADLK never. Cancellation points but sem_trywait. */
int sem_wait(sem_t *sem);
int sem_trywait(sem_t *sem);
int sem_timedwait(sem_t *__restrict sem, const struct timespec *__restrict until);
int sem_clockwait(sem_t *__restrict sem, clockid_t clock, const struct timespec *__restrict until);

/* Give one; may be called in a signal handler. EOVERFLOW at SEM_VALUE_MAX. */
int sem_post(sem_t *sem);
int sem_getvalue(sem_t *__restrict sem, int *__restrict value);

/* Named semaphores, in memory: they end with the system. Flags O_CREAT (then mode_t and the unsigned value follow) and
 * O_EXCL. SEM_FAILED with EEXIST, ENOENT, EINVAL, ENAMETOOLONG, ENOSPC. */
sem_t *sem_open(const char *name, int flags, ...);
int sem_close(sem_t *sem);
int sem_unlink(const char *name);

#ifdef __cplusplus
}
#endif
