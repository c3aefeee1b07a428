/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Mutexes, condition variables and semaphores of one thread: what they return. */

#include <errno.h>

#include <uk/cond.h>
#include <uk/mutex.h>
#include <uk/semaphore.h>
#include <uk/test.h>

#define SOON_NS 200000

UK_TEST(mutex, plain)
{
	struct uk_mutex m = UK_MUTEX_INIT;
	const uint64_t deadline = uk_wait_in(SOON_NS);

	UK_CHECK_EQ(uk_mutex_unlock(&m), -EPERM);
	UK_CHECK_EQ(uk_mutex_lock(&m), 0);
	UK_CHECK(uk_mutex_held(&m));
	UK_CHECK_EQ(uk_mutex_try(&m), -EBUSY);
	UK_CHECK_EQ(uk_mutex_lock_until(&m, 0), -ETIMEDOUT);
	UK_CHECK_EQ(uk_mutex_lock_until(&m, deadline), -ETIMEDOUT);
	UK_CHECK(uk_plat_time_ns() >= deadline);
	UK_CHECK_EQ(uk_mutex_destroy(&m), -EBUSY);
	UK_CHECK_EQ(uk_mutex_unlock(&m), 0);
	UK_CHECK(!uk_mutex_held(&m));
	UK_CHECK_EQ(uk_mutex_unlock(&m), -EPERM);
	UK_CHECK_EQ(uk_mutex_try(&m), 0);
	UK_CHECK_EQ(uk_mutex_unlock(&m), 0);
	UK_CHECK_EQ(uk_mutex_lock_until(&m, 0), 0); /* free: the deadline does not matter */
	UK_CHECK_EQ(uk_mutex_unlock(&m), 0);
	UK_CHECK_EQ(uk_mutex_destroy(&m), 0);
}

UK_TEST(mutex, recursive)
{
	struct uk_mutex m;

	uk_mutex_init(&m, UK_MUTEX_RECURSIVE);
	UK_CHECK_EQ(uk_mutex_unlock(&m), -EPERM);
	UK_CHECK_EQ(uk_mutex_lock(&m), 0);
	UK_CHECK_EQ(uk_mutex_lock(&m), 0);
	UK_CHECK_EQ(uk_mutex_try(&m), 0);
	UK_CHECK_EQ(uk_mutex_lock_until(&m, 0), 0);
	for (int i = 0; i < 4; i++) {
		UK_CHECK(uk_mutex_held(&m));
		UK_CHECK_EQ(uk_mutex_unlock(&m), 0);
	}
	UK_CHECK(!uk_mutex_held(&m));
	UK_CHECK_EQ(uk_mutex_unlock(&m), -EPERM);
	UK_CHECK_EQ(uk_mutex_destroy(&m), 0);
}

UK_TEST(mutex, recursive_has_a_limit)
{
	struct uk_mutex m = UK_MUTEX_INIT_KIND(UK_MUTEX_RECURSIVE);

	uk_mutex_lock(&m);
	uk_mutex_lock(&m);
	m.depth = UK_MUTEX_DEPTH_MAX;
	UK_CHECK_EQ(uk_mutex_lock(&m), -EAGAIN);
	UK_CHECK_EQ(uk_mutex_try(&m), -EAGAIN);
	m.depth = 1;
	UK_CHECK_EQ(uk_mutex_unlock(&m), 0);
	UK_CHECK_EQ(uk_mutex_unlock(&m), 0);
	UK_CHECK_EQ(uk_mutex_destroy(&m), 0);
}

UK_TEST(mutex, checked)
{
	struct uk_mutex m = UK_MUTEX_INIT_KIND(UK_MUTEX_CHECKED);

	UK_CHECK_EQ(uk_mutex_lock(&m), 0);
	UK_CHECK_EQ(uk_mutex_lock(&m), -EDEADLK);
	UK_CHECK_EQ(uk_mutex_lock_until(&m, 0), -EDEADLK);
	UK_CHECK_EQ(uk_mutex_try(&m), -EBUSY);
	UK_CHECK_EQ(uk_mutex_unlock(&m), 0);
	UK_CHECK_EQ(uk_mutex_unlock(&m), -EPERM);
	UK_CHECK_EQ(uk_mutex_destroy(&m), 0);
}

UK_TEST(cond, nobody_signals)
{
	struct uk_mutex m = UK_MUTEX_INIT;
	struct uk_cond c = UK_COND_INIT;
	const uint64_t deadline = uk_wait_in(SOON_NS);

	uk_cond_signal(&c);
	uk_cond_broadcast(&c);
	UK_CHECK_EQ(uk_cond_wait(&c, &m, 0, 0), -EPERM);
	uk_mutex_lock(&m);
	UK_CHECK_EQ(uk_cond_wait(&c, &m, 0, 0), -ETIMEDOUT);
	UK_CHECK(uk_mutex_held(&m));
	UK_CHECK_EQ(uk_cond_wait(&c, &m, deadline, UK_COND_INTERRUPTIBLE), -ETIMEDOUT);
	UK_CHECK(uk_plat_time_ns() >= deadline);
	UK_CHECK(uk_mutex_held(&m));
	UK_CHECK_EQ(uk_mutex_unlock(&m), 0);
	UK_CHECK_EQ(uk_cond_destroy(&c), 0);
	UK_CHECK_EQ(uk_mutex_destroy(&m), 0);
}

UK_TEST(sem, counts)
{
	struct uk_sem s = UK_SEM_INIT(2);
	const uint64_t deadline = uk_wait_in(SOON_NS);

	UK_CHECK_EQ(uk_sem_wait(&s, UK_WAIT_FOREVER), 0);
	UK_CHECK_EQ(uk_sem_value(&s), 1);
	UK_CHECK_EQ(uk_sem_wait_interruptible(&s, 0), 0); /* there is one: the deadline does not matter */
	UK_CHECK_EQ(uk_sem_try(&s), -EAGAIN);
	UK_CHECK_EQ(uk_sem_wait(&s, 0), -ETIMEDOUT);
	UK_CHECK_EQ(uk_sem_wait(&s, deadline), -ETIMEDOUT);
	UK_CHECK(uk_plat_time_ns() >= deadline);
	UK_CHECK_EQ(uk_sem_value(&s), 0);
	UK_CHECK_EQ(uk_sem_post(&s), 0);
	UK_CHECK_EQ(uk_sem_value(&s), 1);
	UK_CHECK_EQ(uk_sem_try(&s), 0);
	UK_CHECK_EQ(uk_sem_destroy(&s), 0);
}

UK_TEST(sem, has_a_limit)
{
	struct uk_sem s;

	uk_sem_init(&s, UK_SEM_MAX - 1);
	UK_CHECK_EQ(uk_sem_post(&s), 0);
	UK_CHECK_EQ(uk_sem_value(&s), UK_SEM_MAX);
	UK_CHECK_EQ(uk_sem_post(&s), -EOVERFLOW);
	UK_CHECK_EQ(uk_sem_value(&s), UK_SEM_MAX);
	UK_CHECK_EQ(uk_sem_destroy(&s), 0);
}
