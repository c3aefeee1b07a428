/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The life of threads, their attributes, names, CPUs and priorities. */

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <uk/posix_thread.h>
#include <uk/test.h>

static sem_t go, reached;

static int setup(void)
{
	sem_init(&go, 0, 0);
	return sem_init(&reached, 0, 0);
}

UK_TEST_FIXTURE(pthread, setup, NULL);

static void *same(void *arg)
{
	return arg;
}

static void *wait_for_go(void *arg)
{
	sem_post(&reached);
	while (sem_wait(&go))
		continue;
	return arg;
}

static void *leave(void *arg)
{
	pthread_exit(arg);
}

UK_TEST(pthread, create_and_join)
{
	pthread_t t, u;
	void *result = NULL;

	UK_REQUIRE(!pthread_create(&t, NULL, same, &go));
	UK_CHECK_EQ(pthread_join(t, &result), 0);
	UK_CHECK(result == &go);
	UK_REQUIRE(!pthread_create(&u, NULL, leave, &reached));
	UK_CHECK_EQ(pthread_join(u, &result), 0);
	UK_CHECK(result == &reached);
	UK_CHECK(!pthread_equal(t, u));
	UK_CHECK(pthread_equal(pthread_self(), pthread_self()));
}

UK_TEST(pthread, an_id_ends_with_its_thread)
{
	const pthread_t nonsense[] = {0, 1, ~0ul};
	struct sched_param param = {0};
	pthread_t t, u;
	int policy;

	UK_REQUIRE(!pthread_create(&t, NULL, same, NULL));
	UK_CHECK_EQ(pthread_join(t, NULL), 0);
	UK_CHECK_EQ(pthread_join(t, NULL), ESRCH);
	UK_REQUIRE(!pthread_create(&u, NULL, wait_for_go, NULL)); /* very likely in the same memory */
	UK_CHECK(t != u);
	UK_CHECK_EQ(pthread_join(t, NULL), ESRCH);
	UK_CHECK_EQ(pthread_detach(t), ESRCH);
	UK_CHECK_EQ(pthread_cancel(t), ESRCH);
	UK_CHECK_EQ(pthread_getschedparam(t, &policy, &param), ESRCH);
	UK_CHECK_EQ(pthread_setschedparam(t, SCHED_OTHER, &param), ESRCH);
	UK_CHECK_EQ(pthread_setschedprio(t, 0), ESRCH);
	for (unsigned i = 0; i < UK_ARRAY_SIZE(nonsense); i++)
		UK_CHECK_EQ(pthread_detach(nonsense[i]), ESRCH);
	sem_post(&go);
	UK_CHECK_EQ(pthread_join(u, NULL), 0);
}

static void *join_it(void *arg)
{
	sem_post(&reached);
	return (void *)(intptr_t)pthread_join(*(pthread_t *)arg, NULL);
}

UK_TEST(pthread, join_refuses)
{
	static pthread_t first, main_thread;
	pthread_t t, detached;
	void *result;

	UK_CHECK_EQ(pthread_join(pthread_self(), NULL), EDEADLK);

	UK_REQUIRE(!pthread_create(&detached, NULL, wait_for_go, NULL));
	UK_CHECK_EQ(pthread_detach(detached), 0);
	UK_CHECK_EQ(pthread_detach(detached), EINVAL);
	UK_CHECK_EQ(pthread_join(detached, NULL), EINVAL);
	sem_wait(&reached);
	sem_post(&go);

	UK_REQUIRE(!pthread_create(&first, NULL, wait_for_go, NULL));
	sem_wait(&reached);
	UK_REQUIRE(!pthread_create(&t, NULL, join_it, &first));
	sem_wait(&reached);
	while (!uk_posix_thread_of(uk_posix_thread_find(t))->joining)
		sched_yield();
	UK_CHECK_EQ(pthread_join(first, NULL), EINVAL); /* somebody does already */
	sem_post(&go);
	UK_CHECK_EQ(pthread_join(t, &result), 0);
	UK_CHECK(result == NULL);

	main_thread = pthread_self();
	UK_REQUIRE(!pthread_create(&t, NULL, join_it, &main_thread));
	sem_wait(&reached);
	while (!uk_posix_thread_of(uk_posix_thread_find(t))->joining)
		sched_yield();
	UK_CHECK_EQ(pthread_join(t, NULL), EDEADLK); /* it waits for us */
	UK_CHECK_EQ(pthread_cancel(t), 0);
	UK_CHECK_EQ(pthread_join(t, &result), 0);
	UK_CHECK(result == PTHREAD_CANCELED);
}

UK_TEST(pthread, join_with_a_deadline)
{
	struct timespec past = {1, 0}, bad = {0, 1000000000};
	pthread_t t;

	UK_REQUIRE(!pthread_create(&t, NULL, wait_for_go, NULL));
	UK_CHECK_EQ(pthread_tryjoin_np(t, NULL), EBUSY);
	UK_CHECK_EQ(pthread_timedjoin_np(t, NULL, &past), ETIMEDOUT);
	UK_CHECK_EQ(pthread_clockjoin_np(t, NULL, CLOCK_MONOTONIC, &bad), EINVAL);
	sem_post(&go);
	UK_CHECK_EQ(pthread_clockjoin_np(t, NULL, CLOCK_MONOTONIC, &(struct timespec){LONG_MAX, 0}), 0);
}

UK_TEST(pthread, detached_from_the_beginning)
{
	pthread_attr_t attr;
	pthread_t t;

	UK_CHECK_EQ(pthread_attr_init(&attr), 0);
	UK_CHECK_EQ(pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED), 0);
	UK_REQUIRE(!pthread_create(&t, &attr, wait_for_go, NULL));
	UK_CHECK_EQ(pthread_join(t, NULL), EINVAL);
	sem_wait(&reached);
	sem_post(&go);
	while (pthread_detach(t) != ESRCH)
		sched_yield();
	UK_CHECK_EQ(pthread_attr_destroy(&attr), 0);
	UK_CHECK_EQ(pthread_create(&t, &attr, same, NULL), EINVAL);
}

UK_TEST(pthread, attributes)
{
	struct sched_param param = {.sched_priority = 99999};
	pthread_attr_t a;
	size_t size = 0;
	void *stack;
	int value = -1;

	pthread_attr_init(&a);
	UK_CHECK(!pthread_attr_getdetachstate(&a, &value) && value == PTHREAD_CREATE_JOINABLE);
	UK_CHECK(!pthread_attr_getinheritsched(&a, &value) && value == PTHREAD_INHERIT_SCHED);
	UK_CHECK(!pthread_attr_getschedpolicy(&a, &value) && value == SCHED_OTHER);
	UK_CHECK(!pthread_attr_getscope(&a, &value) && value == PTHREAD_SCOPE_SYSTEM);
	UK_CHECK(!pthread_attr_getstacksize(&a, &size) && size >= PTHREAD_STACK_MIN);
	UK_CHECK(!pthread_attr_getguardsize(&a, &size) && size > 0);
	UK_CHECK_EQ(pthread_attr_setdetachstate(&a, 7), EINVAL);
	UK_CHECK_EQ(pthread_attr_setinheritsched(&a, 7), EINVAL);
	UK_CHECK_EQ(pthread_attr_setschedpolicy(&a, 7), EINVAL);
	UK_CHECK_EQ(pthread_attr_setschedparam(&a, &param), EINVAL);
	UK_CHECK_EQ(pthread_attr_setscope(&a, 7), EINVAL);
	UK_CHECK_EQ(pthread_attr_setscope(&a, PTHREAD_SCOPE_PROCESS), ENOTSUP);
	UK_CHECK_EQ(pthread_attr_setstacksize(&a, PTHREAD_STACK_MIN - 1), EINVAL);
	UK_CHECK_EQ(pthread_attr_setstack(&a, (void *)16, 100), EINVAL);
	UK_CHECK_EQ(pthread_attr_setstack(&a, (void *)0x10000, PTHREAD_STACK_MIN), 0);
	UK_CHECK(!pthread_attr_getstack(&a, &stack, &size) && stack == (void *)0x10000 && size == PTHREAD_STACK_MIN);
	UK_CHECK_EQ(pthread_attr_destroy(&a), 0);
}

static void *where(void *arg)
{
	pthread_attr_t a;
	size_t size;

	pthread_getattr_np(pthread_self(), &a);
	pthread_attr_getstack(&a, arg, &size);
	return (void *)size;
}

UK_TEST(pthread, a_stack_of_the_programs)
{
	const size_t size = 65536;
	void *memory = aligned_alloc(4096, size), *used = NULL, *result = NULL;
	pthread_attr_t a;
	pthread_t t;

	UK_REQUIRE(memory);
	pthread_attr_init(&a);
	UK_CHECK_EQ(pthread_attr_setstack(&a, memory, size), 0);
	UK_REQUIRE(!pthread_create(&t, &a, where, &used));
	UK_CHECK_EQ(pthread_join(t, &result), 0);
	UK_CHECK(used == memory && result == (void *)size);
	free(memory);
}

UK_TEST(pthread, names)
{
	char name[16];
	pthread_t t;

	UK_REQUIRE(!pthread_create(&t, NULL, wait_for_go, NULL));
	UK_CHECK_EQ(pthread_setname_np(t, "fifteen letters"), 0);
	UK_CHECK_EQ(pthread_setname_np(t, "sixteen letters!"), ERANGE);
	UK_CHECK_EQ(pthread_getname_np(t, name, sizeof(name)), 0);
	UK_CHECK_STR(name, "fifteen letters");
	UK_CHECK_EQ(pthread_getname_np(t, name, 15), ERANGE);
	sem_post(&go);
	UK_CHECK_EQ(pthread_join(t, NULL), 0);
	UK_CHECK_EQ(pthread_setname_np(t, "x"), ESRCH);
	UK_CHECK_EQ(pthread_getname_np(t, name, sizeof(name)), ESRCH);
}

UK_TEST(pthread, cpu_sets)
{
	cpu_set_t set, none, before;

	CPU_ZERO(&none);
	UK_CHECK_EQ(pthread_getaffinity_np(pthread_self(), sizeof(before), &before), 0);
	UK_CHECK(CPU_COUNT(&before) >= 1 && CPU_ISSET(0, &before));
	UK_CHECK_EQ(pthread_setaffinity_np(pthread_self(), sizeof(none), &none), EINVAL);
	CPU_ZERO(&set);
	CPU_SET(1023, &set);
	CPU_SET(100000, &set); /* beyond the set: nothing happens */
	UK_CHECK_EQ(CPU_COUNT(&set), 1);
	UK_CHECK_EQ(pthread_setaffinity_np(pthread_self(), sizeof(set), &set), EINVAL);
	CPU_SET(0, &set);
	UK_CHECK_EQ(pthread_setaffinity_np(pthread_self(), sizeof(set), &set), 0);
	UK_CHECK_EQ(sched_getaffinity(0, sizeof(set), &set), 0);
	UK_CHECK(CPU_COUNT(&set) == 1 && CPU_ISSET(0, &set));
	UK_CHECK_EQ(sched_getcpu(), 0);
	UK_CHECK(sched_getaffinity(0, 4, &set) == -1 && errno == EINVAL);
	UK_CHECK(sched_setaffinity(4711, sizeof(set), &set) == -1 && errno == ESRCH);
	CPU_OR(&set, &set, &before);
	UK_CHECK(CPU_EQUAL(&set, &before));
	UK_CHECK_EQ(sched_setaffinity(0, sizeof(before), &before), 0);
}

UK_TEST(pthread, priorities)
{
	const int top = sched_get_priority_max(SCHED_FIFO), low = sched_get_priority_min(SCHED_FIFO);
	struct sched_param param = {.sched_priority = low};
	int policy = -1;

	UK_CHECK(top - low >= 31); /* POSIX.1-2017, sched_get_priority_max */
	UK_CHECK(sched_get_priority_max(77) == -1 && errno == EINVAL);
	UK_CHECK_EQ(sched_getscheduler(0), SCHED_OTHER);
	UK_CHECK_EQ(pthread_setschedparam(pthread_self(), SCHED_OTHER, &param), EINVAL);
	UK_CHECK_EQ(pthread_setschedparam(pthread_self(), 77, &param), EINVAL);
	UK_CHECK_EQ(pthread_setschedparam(pthread_self(), SCHED_FIFO, &param), 0);
	UK_CHECK_EQ(pthread_setschedprio(pthread_self(), top), 0);
	UK_CHECK_EQ(pthread_setschedprio(pthread_self(), top + 1), EINVAL);
	UK_CHECK_EQ(pthread_getschedparam(pthread_self(), &policy, &param), 0);
	UK_CHECK(policy == SCHED_FIFO && param.sched_priority == top);
	UK_CHECK(sched_setparam(0, &(struct sched_param){.sched_priority = 0}) == -1 && errno == EINVAL);
	UK_CHECK(sched_getparam(4711, &param) == -1 && errno == ESRCH);
	UK_CHECK(sched_getscheduler(-1) == -1 && errno == EINVAL);
	UK_CHECK_EQ(sched_setscheduler(0, SCHED_OTHER, &(struct sched_param){.sched_priority = 0}), SCHED_FIFO);
	UK_CHECK_EQ(sched_getscheduler(0), SCHED_OTHER);
}

static void *my_priority(void *arg)
{
	struct sched_param param = {0};
	int policy = -1;

	pthread_getschedparam(pthread_self(), &policy, &param);
	*(int *)arg = policy;
	return (void *)(intptr_t)param.sched_priority;
}

UK_TEST(pthread, priority_of_a_new_thread)
{
	struct sched_param param = {.sched_priority = 9};
	pthread_attr_t a;
	pthread_t t;
	void *result;
	int policy;

	pthread_attr_init(&a);
	pthread_attr_setinheritsched(&a, PTHREAD_EXPLICIT_SCHED);
	UK_CHECK_EQ(pthread_attr_setschedpolicy(&a, SCHED_RR), 0);
	UK_CHECK_EQ(pthread_create(&t, &a, same, NULL), EINVAL); /* priority 0 is none of SCHED_RR */
	UK_CHECK_EQ(pthread_attr_setschedparam(&a, &param), 0);
	UK_REQUIRE(!pthread_create(&t, &a, my_priority, &policy));
	UK_CHECK_EQ(pthread_join(t, &result), 0);
	UK_CHECK(policy == SCHED_RR && (intptr_t)result == 9);

	pthread_attr_setinheritsched(&a, PTHREAD_INHERIT_SCHED);
	UK_REQUIRE(!pthread_create(&t, &a, my_priority, &policy));
	UK_CHECK_EQ(pthread_join(t, &result), 0);
	UK_CHECK(policy == SCHED_OTHER && result == NULL);
}

UK_TEST(pthread, rr_interval)
{
	struct timespec t = {-1, -1};

	UK_CHECK_EQ(sched_rr_get_interval(0, &t), 0);
	UK_CHECK(t.tv_sec >= 0 && t.tv_nsec >= 0 && t.tv_nsec < 1000000000);
	UK_CHECK(sched_rr_get_interval(4711, &t) == -1 && errno == ESRCH);
}

static void *bare(void *arg)
{
	*(pthread_t *)arg = pthread_self();
	UK_CHECK_EQ(pthread_join(pthread_self(), NULL), EDEADLK);
	return NULL;
}

UK_TEST(pthread, threads_of_the_scheduler_may_call_it_too)
{
	struct uk_thread *t;
	pthread_t id = 0;

	UK_REQUIRE(!uk_thread_create(&t, NULL, bare, &id));
	UK_CHECK_EQ(uk_thread_join(t, NULL, UK_WAIT_FOREVER, false), 0);
	UK_CHECK(id != 0);
	UK_CHECK_EQ(pthread_join(id, NULL), ESRCH);
}

UK_TEST(pthread, until_memory_ends)
{
	enum {
		MOST = 100000
	};
	pthread_t *t = malloc(MOST * sizeof(*t));
	pthread_attr_t a;
	unsigned n = 0;
	int err = 0;

	UK_REQUIRE(t);
	pthread_attr_init(&a);
	pthread_attr_setstacksize(&a, (size_t)4 << 20);
	pthread_attr_setguardsize(&a, 0);
	while (n < MOST && !(err = pthread_create(&t[n], &a, wait_for_go, NULL)))
		n++;
	UK_CHECK_EQ(err, EAGAIN);
	UK_CHECK(n > 0);
	for (unsigned i = 0; i < n; i++)
		sem_post(&go);
	for (unsigned i = 0; i < n; i++)
		UK_CHECK_EQ(pthread_join(t[i], NULL), 0);
	UK_CHECK_EQ(pthread_create(&t[0], &a, same, NULL), 0);
	UK_CHECK_EQ(pthread_join(t[0], NULL), 0);
	free(t);
}

UK_TEST(pthread, many_come_and_go)
{
	enum {
		THREADS = 64,
		ROUNDS = 50
	};
	pthread_t t[THREADS];
	void *result;

	for (unsigned round = 0; round < ROUNDS; round++) {
		for (unsigned i = 0; i < THREADS; i++)
			UK_REQUIRE(!pthread_create(&t[i], NULL, i % 2 ? same : leave, &result));
		for (unsigned i = 0; i < THREADS; i++)
			UK_CHECK(!pthread_join(t[i], &result) && result == &result);
	}
}

UK_TEST(pthread, odds_and_ends)
{
	clockid_t clock;
	struct timespec now;

	UK_CHECK_EQ(pthread_getcpuclockid(pthread_self(), &clock), 0);
	UK_CHECK_EQ(clock_gettime(clock, &now), 0);
	UK_CHECK_EQ(pthread_getcpuclockid(0, &clock), ESRCH);
	UK_CHECK_EQ(pthread_setconcurrency(-1), EINVAL);
	UK_CHECK_EQ(pthread_setconcurrency(3), 0);
	UK_CHECK_EQ(pthread_getconcurrency(), 3);
	UK_CHECK_EQ(pthread_atfork(NULL, NULL, NULL), 0);
	UK_CHECK_EQ(sysconf(_SC_THREAD_STACK_MIN), PTHREAD_STACK_MIN);
	UK_CHECK_EQ(sysconf(_SC_THREADS), 200809);
	errno = 0;
	UK_CHECK(sysconf(_SC_THREAD_THREADS_MAX) == -1 && errno == 0);
}

_Static_assert(sizeof(pthread_mutex_t) == 40 && sizeof(pthread_cond_t) == 48 && sizeof(pthread_rwlock_t) == 56 &&
		   sizeof(pthread_attr_t) == 56 && sizeof(pthread_mutexattr_t) == 4 &&
		   sizeof(pthread_barrier_t) == 32 && sizeof(sem_t) == 32 && sizeof(pthread_key_t) == 4 &&
		   sizeof(pthread_once_t) == 4 && sizeof(pthread_t) == 8 && sizeof(cpu_set_t) == 128,
	       "Linux' sizes");
