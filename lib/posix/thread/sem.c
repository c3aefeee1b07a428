/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Semaphores: POSIX.1-2017, sem_*; the named ones are in named.c. */

#include "internal.h"

static struct uk_sem *sem_of(sem_t *sem)
{
	return (struct uk_sem *)(void *)sem;
}

static int result(int err)
{
	if (uk_likely(!err))
		return 0;
	errno = -err;
	return -1;
}

int sem_init(sem_t *sem, int shared UK_UNUSED, unsigned value)
{
	if (value > SEM_VALUE_MAX)
		return result(-EINVAL);
	uk_sem_init(sem_of(sem), value);
	return 0;
}

int sem_destroy(sem_t *sem)
{
	return result(uk_sem_destroy(sem_of(sem)));
}

int sem_getvalue(sem_t *restrict sem, int *restrict value)
{
	*value = (int)uk_sem_value(sem_of(sem));
	return 0;
}

int sem_post(sem_t *sem)
{
	return result(uk_sem_post(sem_of(sem)));
}

int sem_trywait(sem_t *sem)
{
	return result(uk_sem_try(sem_of(sem)));
}

static int wait(struct uk_sem *s, uint64_t deadline, bool restart)
{
	int err;

	uk_signal_begin();
	do
		err = uk_sem_wait_interruptible(s, deadline);
	while (err == -EINTR && uk_posix_thread_again(restart));
	return err;
}

int sem_wait(sem_t *sem)
{
	uk_posix_thread_testcancel();
	if (uk_likely(!uk_sem_try(sem_of(sem))))
		return 0;
	return result(wait(sem_of(sem), UK_WAIT_FOREVER, true));
}

int sem_clockwait(sem_t *restrict sem, clockid_t clock, const struct timespec *restrict until)
{
	uint64_t deadline;

	uk_posix_thread_testcancel();
	if (!uk_sem_try(sem_of(sem)))
		return 0; /* the time is not looked at */
	if (uk_posix_deadline(clock, until, &deadline))
		return result(-EINVAL);
	return result(wait(sem_of(sem), deadline, true));
}

int sem_timedwait(sem_t *restrict sem, const struct timespec *restrict until)
{
	return sem_clockwait(sem, CLOCK_REALTIME, until);
}
