/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Mutexes of all kinds. */

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <semaphore.h>
#include <string.h>
#include <time.h>

#include <uk/posix_thread.h>
#include <uk/test.h>

static const struct timespec past = {1, 0}, bad = {0, -1};

static void init(pthread_mutex_t *m, int type, int robust, int protocol)
{
	pthread_mutexattr_t a;

	UK_CHECK_EQ(pthread_mutexattr_init(&a), 0);
	UK_CHECK_EQ(pthread_mutexattr_settype(&a, type), 0);
	UK_CHECK_EQ(pthread_mutexattr_setrobust(&a, robust), 0);
	UK_CHECK_EQ(pthread_mutexattr_setprotocol(&a, protocol), 0);
	UK_CHECK_EQ(pthread_mutex_init(m, &a), 0);
	UK_CHECK_EQ(pthread_mutexattr_destroy(&a), 0);
}

/* Call f(m) in another thread: what it returned. */
static int elsewhere(int (*f)(pthread_mutex_t *m), pthread_mutex_t *m)
{
	pthread_t t;
	void *result;

	if (pthread_create(&t, NULL, (void *(*)(void *))(void (*)(void))f, m) || pthread_join(t, &result))
		return -1;
	return (int)(intptr_t)result;
}

static int past_lock(pthread_mutex_t *m)
{
	return pthread_mutex_timedlock(m, &past);
}

static const struct kind {
	int type, robust, protocol;
} kinds[] = {
    {PTHREAD_MUTEX_NORMAL, 0, 0}, {PTHREAD_MUTEX_RECURSIVE, 0, 0}, {PTHREAD_MUTEX_ERRORCHECK, 0, 0},
    {PTHREAD_MUTEX_NORMAL, 1, 0}, {PTHREAD_MUTEX_RECURSIVE, 1, 0}, {PTHREAD_MUTEX_ERRORCHECK, 1, 0},
    {PTHREAD_MUTEX_NORMAL, 0, 1}, {PTHREAD_MUTEX_RECURSIVE, 0, 2}, {PTHREAD_MUTEX_ERRORCHECK, 1, 1},
};

UK_TEST_EACH(pthread_mutex, each_kind, struct kind, kinds)
{
	const bool plain = it->type == PTHREAD_MUTEX_NORMAL && !it->robust && !it->protocol;
	pthread_mutex_t m;

	init(&m, it->type, it->robust, it->protocol);
	UK_CHECK_EQ(pthread_mutex_unlock(&m), EPERM);
	UK_CHECK_EQ(pthread_mutex_lock(&m), 0);
	UK_CHECK_EQ(elsewhere(pthread_mutex_trylock, &m), EBUSY);
	UK_CHECK_EQ(elsewhere(past_lock, &m), ETIMEDOUT);
	UK_CHECK_EQ(pthread_mutex_destroy(&m), EBUSY);
	if (it->type == PTHREAD_MUTEX_RECURSIVE) {
		UK_CHECK_EQ(pthread_mutex_lock(&m), 0);
		UK_CHECK_EQ(pthread_mutex_trylock(&m), 0);
		UK_CHECK_EQ(pthread_mutex_unlock(&m), 0);
		UK_CHECK_EQ(pthread_mutex_unlock(&m), 0);
	} else {
		const int again = it->type == PTHREAD_MUTEX_ERRORCHECK ? EDEADLK : ETIMEDOUT;

		UK_CHECK_EQ(pthread_mutex_trylock(&m), EBUSY);
		UK_CHECK_EQ(pthread_mutex_timedlock(&m, &past), again);
	}
	UK_CHECK_EQ(elsewhere(pthread_mutex_unlock, &m), plain ? 0 : EPERM);
	UK_CHECK_EQ(pthread_mutex_unlock(&m), plain ? EPERM : 0);
	UK_CHECK_EQ(pthread_mutex_clocklock(&m, CLOCK_MONOTONIC, &bad), 0); /* free: the time is not looked at */
	UK_CHECK_EQ(pthread_mutex_unlock(&m), 0);
	UK_CHECK_EQ(pthread_mutex_destroy(&m), 0);
	UK_CHECK_EQ(pthread_mutex_lock(&m), EINVAL);
	UK_CHECK_EQ(pthread_mutex_destroy(&m), EINVAL);
}

static int bad_lock(pthread_mutex_t *m)
{
	return pthread_mutex_clocklock(m, CLOCK_MONOTONIC, &bad);
}

static int bad_clock(pthread_mutex_t *m)
{
	return pthread_mutex_clocklock(m, CLOCK_PROCESS_CPUTIME_ID, &past);
}

UK_TEST(pthread_mutex, static_ones)
{
	pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER, r = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP,
			e = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;

	UK_CHECK_EQ(pthread_mutex_lock(&m), 0);
	UK_CHECK_EQ(elsewhere(bad_lock, &m), EINVAL);
	UK_CHECK_EQ(elsewhere(bad_clock, &m), EINVAL);
	UK_CHECK_EQ(pthread_mutex_unlock(&m), 0);
	UK_CHECK_EQ(pthread_mutex_lock(&r), 0);
	UK_CHECK_EQ(pthread_mutex_lock(&r), 0);
	UK_CHECK_EQ(pthread_mutex_unlock(&r), 0);
	UK_CHECK_EQ(elsewhere(pthread_mutex_trylock, &r), EBUSY);
	UK_CHECK_EQ(pthread_mutex_unlock(&r), 0);
	UK_CHECK_EQ(pthread_mutex_lock(&e), 0);
	UK_CHECK_EQ(pthread_mutex_lock(&e), EDEADLK);
	UK_CHECK_EQ(pthread_mutex_unlock(&e), 0);
}

UK_TEST(pthread_mutex, attributes)
{
	pthread_mutexattr_t a;
	int value = -1;

	pthread_mutexattr_init(&a);
	UK_CHECK(!pthread_mutexattr_gettype(&a, &value) && value == PTHREAD_MUTEX_DEFAULT);
	UK_CHECK(!pthread_mutexattr_getpshared(&a, &value) && value == PTHREAD_PROCESS_PRIVATE);
	UK_CHECK(!pthread_mutexattr_getprotocol(&a, &value) && value == PTHREAD_PRIO_NONE);
	UK_CHECK(!pthread_mutexattr_getrobust(&a, &value) && value == PTHREAD_MUTEX_STALLED);
	UK_CHECK_EQ(pthread_mutexattr_settype(&a, 7), EINVAL);
	UK_CHECK_EQ(pthread_mutexattr_setpshared(&a, 7), EINVAL);
	UK_CHECK_EQ(pthread_mutexattr_setpshared(&a, PTHREAD_PROCESS_SHARED), 0);
	UK_CHECK_EQ(pthread_mutexattr_setprotocol(&a, 7), EINVAL);
	UK_CHECK_EQ(pthread_mutexattr_setrobust(&a, 7), EINVAL);
	UK_CHECK_EQ(pthread_mutexattr_setprioceiling(&a, 0), EINVAL);
	UK_CHECK_EQ(pthread_mutexattr_setprioceiling(&a, 12), 0);
	UK_CHECK(!pthread_mutexattr_getprioceiling(&a, &value) && value == 12);
	UK_CHECK_EQ(pthread_mutexattr_destroy(&a), 0);
	UK_CHECK_EQ(pthread_mutexattr_destroy(&a), EINVAL);
	UK_CHECK_EQ(pthread_mutexattr_settype(&a, PTHREAD_MUTEX_NORMAL), EINVAL);
}

static pthread_mutex_t counted;
static unsigned long counter;

static void *count(void *arg)
{
	for (int i = 0; i < 20000; i++) {
		if (pthread_mutex_lock(&counted))
			return arg;
		counter++;
		pthread_mutex_unlock(&counted);
	}
	return NULL;
}

UK_TEST_EACH(pthread_mutex, excludes, struct kind, kinds)
{
	pthread_t t[4];
	void *result;

	init(&counted, it->type, it->robust, it->protocol);
	counter = 0;
	for (int i = 0; i < 4; i++)
		UK_REQUIRE(!pthread_create(&t[i], NULL, count, &counter));
	for (int i = 0; i < 4; i++)
		UK_CHECK(!pthread_join(t[i], &result) && !result);
	UK_CHECK_EQ(counter, 80000);
	UK_CHECK_EQ(pthread_mutex_destroy(&counted), 0);
}

UK_TEST(pthread_mutex, robust)
{
	pthread_mutex_t m;

	init(&m, PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_ROBUST, PTHREAD_PRIO_NONE);
	UK_CHECK_EQ(elsewhere(pthread_mutex_lock, &m), 0); /* ends holding it */
	UK_CHECK_EQ(pthread_mutex_lock(&m), EOWNERDEAD);
	UK_CHECK_EQ(elsewhere(pthread_mutex_consistent, &m), EINVAL);
	UK_CHECK_EQ(pthread_mutex_consistent(&m), 0);
	UK_CHECK_EQ(pthread_mutex_consistent(&m), EINVAL);
	UK_CHECK_EQ(pthread_mutex_unlock(&m), 0);
	UK_CHECK_EQ(elsewhere(pthread_mutex_trylock, &m), 0);
	UK_CHECK_EQ(pthread_mutex_trylock(&m), EOWNERDEAD);
	UK_CHECK_EQ(pthread_mutex_unlock(&m), 0); /* not mended */
	UK_CHECK_EQ(pthread_mutex_lock(&m), ENOTRECOVERABLE);
	UK_CHECK_EQ(pthread_mutex_trylock(&m), ENOTRECOVERABLE);
	UK_CHECK_EQ(pthread_mutex_destroy(&m), 0);
	UK_CHECK_EQ(pthread_mutex_consistent(&m), EINVAL);
}

static sem_t holds, go;

static void *hold_until_go(void *m)
{
	pthread_mutex_lock(m);
	sem_post(&holds);
	sem_wait(&go);
	return NULL;
}

UK_TEST(pthread_mutex, robust_wakes_who_waits)
{
	pthread_mutex_t m;
	pthread_t t, waiter;
	void *result;

	sem_init(&holds, 0, 0);
	sem_init(&go, 0, 0);
	init(&m, PTHREAD_MUTEX_RECURSIVE, PTHREAD_MUTEX_ROBUST, PTHREAD_PRIO_NONE);
	UK_REQUIRE(!pthread_create(&t, NULL, hold_until_go, &m));
	sem_wait(&holds);
	UK_REQUIRE(!pthread_create(&waiter, NULL, (void *(*)(void *))(void (*)(void))pthread_mutex_lock, &m));
	for (int i = 0; i < 20; i++)
		sched_yield();
	sem_post(&go);
	UK_CHECK_EQ(pthread_join(t, NULL), 0);
	UK_CHECK_EQ(pthread_join(waiter, &result), 0);
	UK_CHECK_EQ((intptr_t)result, EOWNERDEAD);
	UK_CHECK_EQ(pthread_mutex_lock(&m), EOWNERDEAD); /* the waiter ended with it, too */
	UK_CHECK_EQ(pthread_mutex_consistent(&m), 0);
	UK_CHECK_EQ(pthread_mutex_unlock(&m), 0);
	UK_CHECK_EQ(pthread_mutex_destroy(&m), 0);
}

static int effective(pthread_t t)
{
	return (int)uk_posix_thread_find(t)->entity.params.priority;
}

UK_TEST(pthread_mutex, priority_ceiling)
{
	pthread_mutexattr_t a;
	pthread_mutex_t m, plain = PTHREAD_MUTEX_INITIALIZER;
	struct sched_param param = {.sched_priority = 30};
	int ceiling = -1;

	pthread_mutexattr_init(&a);
	pthread_mutexattr_setprotocol(&a, PTHREAD_PRIO_PROTECT);
	pthread_mutexattr_setprioceiling(&a, 20);
	UK_CHECK_EQ(pthread_mutex_init(&m, &a), 0);
	UK_CHECK_EQ(pthread_mutex_lock(&m), 0);
	UK_CHECK_EQ(effective(pthread_self()), 20);
	UK_CHECK_EQ(pthread_mutex_unlock(&m), 0);
	UK_CHECK_EQ(effective(pthread_self()), 0);
	UK_CHECK(!pthread_mutex_getprioceiling(&m, &ceiling) && ceiling == 20);
	UK_CHECK_EQ(pthread_mutex_setprioceiling(&m, 64, &ceiling), EINVAL);
	UK_CHECK_EQ(pthread_mutex_setprioceiling(&m, 25, &ceiling), 0);
	UK_CHECK_EQ(ceiling, 20);
	UK_CHECK_EQ(pthread_setschedparam(pthread_self(), SCHED_RR, &param), 0);
	UK_CHECK_EQ(pthread_mutex_lock(&m), EINVAL); /* more urgent than the ceiling */
	param.sched_priority = 0;
	UK_CHECK_EQ(pthread_setschedparam(pthread_self(), SCHED_OTHER, &param), 0);
	UK_CHECK_EQ(pthread_mutex_destroy(&m), 0);
	UK_CHECK_EQ(pthread_mutex_getprioceiling(&plain, &ceiling), EINVAL);
	UK_CHECK_EQ(pthread_mutex_setprioceiling(&plain, 9, &ceiling), EINVAL);
}

static void until_it_waits(pthread_t t)
{
	struct uk_thread *thread = uk_posix_thread_find(t);

	while (!__atomic_load_n(&uk_posix_thread_of(thread)->waiting, __ATOMIC_ACQUIRE))
		sched_yield();
}

static pthread_mutex_t outer, inner;

static void *hold_outer_want_inner(void *arg)
{
	pthread_mutex_lock(&outer);
	pthread_mutex_lock(&inner);
	pthread_mutex_unlock(&inner);
	pthread_mutex_unlock(&outer);
	return arg;
}

static void *want_outer(void *arg)
{
	pthread_mutex_lock(&outer);
	pthread_mutex_unlock(&outer);
	return arg;
}

/* The urgent thread waits for a middle one, which waits for the caller: both inherit. */
UK_TEST(pthread_mutex, priority_inheritance)
{
	struct sched_param param = {.sched_priority = 40};
	pthread_attr_t a;
	pthread_t middle, urgent;

	init(&outer, PTHREAD_MUTEX_NORMAL, 0, PTHREAD_PRIO_INHERIT);
	init(&inner, PTHREAD_MUTEX_NORMAL, 0, PTHREAD_PRIO_INHERIT);
	pthread_attr_init(&a);
	pthread_attr_setinheritsched(&a, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setschedpolicy(&a, SCHED_FIFO);
	pthread_attr_setschedparam(&a, &param);
	UK_CHECK_EQ(pthread_mutex_lock(&inner), 0);
	UK_REQUIRE(!pthread_create(&middle, NULL, hold_outer_want_inner, NULL));
	until_it_waits(middle);
	UK_REQUIRE(!pthread_create(&urgent, &a, want_outer, NULL));
	until_it_waits(urgent);
	UK_CHECK_EQ(effective(pthread_self()), 40);
	UK_CHECK_EQ(effective(middle), 40);
	pthread_getschedparam(middle, &(int){0}, &param);
	UK_CHECK_EQ(param.sched_priority, 0); /* what the program set */
	UK_CHECK_EQ(pthread_mutex_unlock(&inner), 0);
	UK_CHECK_EQ(effective(pthread_self()), 0);
	UK_CHECK_EQ(pthread_join(urgent, NULL), 0);
	UK_CHECK_EQ(pthread_join(middle, NULL), 0);
	UK_CHECK_EQ(pthread_mutex_destroy(&outer), 0);
	UK_CHECK_EQ(pthread_mutex_destroy(&inner), 0);
}
