/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Condition variables, read-write locks, barriers, spinlocks, keys. */

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include <uk/posix_thread.h>
#include <uk/test.h>

#define THREADS 6

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static unsigned turn, woken;
static sem_t reached;

static struct timespec in_ms(clockid_t clock, long ms)
{
	struct timespec t;

	clock_gettime(clock, &t);
	t.tv_nsec += ms * 1000000;
	t.tv_sec += t.tv_nsec / 1000000000;
	t.tv_nsec %= 1000000000;
	return t;
}

static void *take_turns(void *arg)
{
	const unsigned me = (unsigned)(uintptr_t)arg;

	for (unsigned i = 0; i < 2000; i++) {
		pthread_mutex_lock(&mutex);
		while (turn % 2 != me)
			pthread_cond_wait(&cond, &mutex);
		turn++;
		pthread_cond_signal(&cond);
		pthread_mutex_unlock(&mutex);
	}
	return NULL;
}

UK_TEST(pthread_cond, ping_pong)
{
	pthread_t t;

	turn = 0;
	UK_REQUIRE(!pthread_create(&t, NULL, take_turns, (void *)1));
	take_turns(NULL);
	UK_CHECK_EQ(pthread_join(t, NULL), 0);
	UK_CHECK_EQ(turn, 4000);
}

static void *wait_for_turn(void *arg)
{
	pthread_mutex_lock(&mutex);
	sem_post(&reached);
	while (!turn)
		pthread_cond_wait(&cond, &mutex);
	woken++;
	pthread_mutex_unlock(&mutex);
	return arg;
}

UK_TEST(pthread_cond, broadcast_and_destroy)
{
	pthread_t t[THREADS];

	sem_init(&reached, 0, 0);
	turn = woken = 0;
	UK_CHECK_EQ(pthread_cond_signal(&cond), 0); /* nobody waits: is forgotten */
	for (int i = 0; i < THREADS; i++) {
		UK_REQUIRE(!pthread_create(&t[i], NULL, wait_for_turn, NULL));
		sem_wait(&reached);
	}
	pthread_mutex_lock(&mutex);
	UK_CHECK_EQ(pthread_cond_destroy(&cond), EBUSY);
	turn = 1;
	UK_CHECK_EQ(pthread_cond_broadcast(&cond), 0);
	pthread_mutex_unlock(&mutex);
	for (int i = 0; i < THREADS; i++)
		UK_CHECK_EQ(pthread_join(t[i], NULL), 0);
	UK_CHECK_EQ(woken, THREADS);
	UK_CHECK_EQ(pthread_cond_destroy(&cond), 0);
	UK_CHECK_EQ(pthread_cond_init(&cond, NULL), 0);
}

UK_TEST(pthread_cond, clocks)
{
	const clockid_t clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC};
	struct timespec until, now, bad = {0, 1000000000}, negative = {-5, 0};
	pthread_condattr_t a;
	pthread_cond_t c;
	clockid_t clock = -1;

	UK_CHECK_EQ(pthread_condattr_init(&a), 0);
	UK_CHECK_EQ(pthread_condattr_setclock(&a, CLOCK_PROCESS_CPUTIME_ID), EINVAL);
	UK_CHECK_EQ(pthread_condattr_setclock(&a, 77), EINVAL);
	UK_CHECK_EQ(pthread_condattr_setpshared(&a, PTHREAD_PROCESS_SHARED), 0);
	UK_CHECK_EQ(pthread_condattr_setpshared(&a, 7), EINVAL);
	pthread_mutex_lock(&mutex);
	for (unsigned i = 0; i < UK_ARRAY_SIZE(clocks); i++) {
		UK_CHECK_EQ(pthread_condattr_setclock(&a, clocks[i]), 0);
		UK_CHECK(!pthread_condattr_getclock(&a, &clock) && clock == clocks[i]);
		UK_CHECK_EQ(pthread_cond_init(&c, &a), 0);
		until = in_ms(clocks[i], 10);
		UK_CHECK_EQ(pthread_cond_timedwait(&c, &mutex, &until), ETIMEDOUT);
		clock_gettime(clocks[i], &now);
		UK_CHECK(now.tv_sec > until.tv_sec || (now.tv_sec == until.tv_sec && now.tv_nsec >= until.tv_nsec));
		UK_CHECK_EQ(pthread_cond_timedwait(&c, &mutex, &bad), EINVAL);
		UK_CHECK_EQ(pthread_cond_timedwait(&c, &mutex, &negative), ETIMEDOUT);
		UK_CHECK_EQ(pthread_cond_clockwait(&c, &mutex, 77, &until), EINVAL);
		UK_CHECK_EQ(pthread_mutex_trylock(&mutex), EBUSY); /* is still ours */
		UK_CHECK_EQ(pthread_cond_destroy(&c), 0);
	}
	pthread_mutex_unlock(&mutex);
	UK_CHECK_EQ(pthread_cond_wait(&cond, &mutex), EPERM);
	UK_CHECK_EQ(pthread_condattr_destroy(&a), 0);
	UK_CHECK_EQ(pthread_condattr_destroy(&a), EINVAL);
	UK_CHECK_EQ(pthread_cond_init(&c, &a), EINVAL);
}

static volatile sig_atomic_t handled;

static void on_signal(int number)
{
	handled = number;
}

static void *lock_and_unlock(void *arg)
{
	sem_post(&reached);
	pthread_mutex_lock(&mutex);
	pthread_mutex_unlock(&mutex);
	return arg;
}

UK_TEST(pthread_cond, a_signal_is_handled_while_its_thread_waits_for_a_mutex)
{
	const struct sigaction action = {.sa_handler = on_signal};
	struct sigaction before;
	pthread_t t;

	sem_init(&reached, 0, 0);
	handled = 0;
	sigaction(SIGUSR1, &action, &before);
	pthread_mutex_lock(&mutex);
	UK_REQUIRE(!pthread_create(&t, NULL, lock_and_unlock, NULL));
	sem_wait(&reached);
	UK_CHECK_EQ(pthread_kill(t, SIGUSR1), 0);
	for (int i = 0; i < 1000000 && !handled; i++)
		sched_yield();
	UK_CHECK_EQ(handled, SIGUSR1);
	pthread_mutex_unlock(&mutex);
	UK_CHECK_EQ(pthread_join(t, NULL), 0);
	sigaction(SIGUSR1, &before, NULL);
}

static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;

static void *try_both(void *arg)
{
	struct timespec past = {1, 0}, bad = {0, -1};
	int *results = arg;

	results[0] = pthread_rwlock_tryrdlock(&rwlock);
	results[1] = pthread_rwlock_trywrlock(&rwlock);
	results[2] = pthread_rwlock_timedwrlock(&rwlock, &past);
	results[3] = pthread_rwlock_clockwrlock(&rwlock, CLOCK_MONOTONIC, &bad);
	results[4] = pthread_rwlock_unlock(&rwlock);
	return NULL;
}

static void elsewhere(int results[5])
{
	pthread_t t;

	if (!pthread_create(&t, NULL, try_both, results))
		pthread_join(t, NULL);
}

UK_TEST(pthread_rwlock, errors)
{
	int r[5];
	struct timespec past = {1, 0};

	UK_CHECK_EQ(pthread_rwlock_unlock(&rwlock), EINVAL);
	UK_CHECK_EQ(pthread_rwlock_wrlock(&rwlock), 0);
	UK_CHECK_EQ(pthread_rwlock_wrlock(&rwlock), EDEADLK);
	UK_CHECK_EQ(pthread_rwlock_rdlock(&rwlock), EDEADLK);
	UK_CHECK_EQ(pthread_rwlock_trywrlock(&rwlock), EBUSY);
	UK_CHECK_EQ(pthread_rwlock_timedrdlock(&rwlock, &past), EDEADLK);
	elsewhere(r);
	UK_CHECK(r[0] == EBUSY && r[1] == EBUSY && r[2] == ETIMEDOUT && r[3] == EINVAL && r[4] == EPERM);
	UK_CHECK_EQ(pthread_rwlock_destroy(&rwlock), EBUSY);
	UK_CHECK_EQ(pthread_rwlock_unlock(&rwlock), 0);
	UK_CHECK_EQ(pthread_rwlock_rdlock(&rwlock), 0);
	UK_CHECK_EQ(pthread_rwlock_tryrdlock(&rwlock), 0);
	UK_CHECK_EQ(pthread_rwlock_destroy(&rwlock), EBUSY);
	elsewhere(r);
	UK_CHECK(r[0] == 0 && r[1] == EBUSY && r[2] == ETIMEDOUT && r[3] == EINVAL && r[4] == 0);
	UK_CHECK_EQ(pthread_rwlock_unlock(&rwlock), 0);
	UK_CHECK_EQ(pthread_rwlock_unlock(&rwlock), 0);
	UK_CHECK_EQ(pthread_rwlock_destroy(&rwlock), 0);
}

static unsigned long left, right;

static void *read_or_write(void *arg)
{
	for (int i = 0; i < 3000; i++) {
		if (arg && i % 3 == 0) {
			pthread_rwlock_wrlock(&rwlock);
			left++;
			sched_yield();
			right++;
		} else {
			pthread_rwlock_rdlock(&rwlock);
			UK_CHECK_EQ(left, right);
		}
		pthread_rwlock_unlock(&rwlock);
	}
	return NULL;
}

UK_TEST(pthread_rwlock, readers_and_writers)
{
	pthread_t t[THREADS];

	left = right = 0;
	for (intptr_t i = 0; i < THREADS; i++)
		UK_REQUIRE(!pthread_create(&t[i], NULL, read_or_write, (void *)(i % 2)));
	for (int i = 0; i < THREADS; i++)
		UK_CHECK_EQ(pthread_join(t[i], NULL), 0);
	UK_CHECK(left == 3000 && right == 3000);
}

static unsigned order;

static void *note_when_written(void *arg)
{
	pthread_rwlock_wrlock(&rwlock);
	order = order * 10 + (unsigned)(uintptr_t)arg;
	pthread_rwlock_unlock(&rwlock);
	return NULL;
}

static void *note_when_read(void *arg)
{
	pthread_rwlock_rdlock(&rwlock);
	order = order * 10 + (unsigned)(uintptr_t)arg;
	pthread_rwlock_unlock(&rwlock);
	return NULL;
}

static void *note_when_given(void *arg)
{
	sem_wait(&reached);
	order = order * 10 + (unsigned)(uintptr_t)arg;
	return NULL;
}

/* A thread with SCHED_FIFO, which then waits. */
static pthread_t urgent(int priority, void *(*function)(void *arg), uintptr_t digit)
{
	const struct sched_param param = {.sched_priority = priority};
	pthread_attr_t a;
	pthread_t t = 0;

	pthread_attr_init(&a);
	pthread_attr_setinheritsched(&a, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setschedpolicy(&a, SCHED_FIFO);
	pthread_attr_setschedparam(&a, &param);
	UK_REQUIRE(!pthread_create(&t, &a, function, (void *)digit));
	while (uk_posix_thread_find(t)->state == UK_THREAD_READY)
		sched_yield();
	return t;
}

UK_TEST(pthread_rwlock, the_most_urgent_first)
{
	pthread_t t[4];

	order = 0;
	pthread_rwlock_wrlock(&rwlock);
	t[0] = urgent(1, note_when_written, 1);
	t[1] = urgent(3, note_when_read, 2);
	t[2] = urgent(3, note_when_written, 3);
	t[3] = urgent(5, note_when_written, 4);
	pthread_rwlock_unlock(&rwlock);
	for (int i = 0; i < 4; i++)
		UK_CHECK_EQ(pthread_join(t[i], NULL), 0);
	UK_CHECK_EQ(order, 4321);
	order = 0;
	pthread_rwlock_rdlock(&rwlock);
	t[0] = urgent(2, note_when_written, 1);
	t[1] = urgent(3, note_when_read, 2); /* does not wait for one that is less urgent */
	UK_CHECK_EQ(pthread_join(t[1], NULL), 0);
	UK_CHECK_EQ(order, 2);
	pthread_rwlock_unlock(&rwlock);
	UK_CHECK_EQ(pthread_join(t[0], NULL), 0);
	UK_CHECK_EQ(order, 21);
}

UK_TEST(pthread_cond, the_most_urgent_first)
{
	pthread_t t[4];

	order = 0;
	sem_init(&reached, 0, 0);
	t[0] = urgent(1, note_when_given, 4);
	t[1] = urgent(2, note_when_given, 2);
	t[2] = urgent(2, note_when_given, 3);
	t[3] = urgent(9, note_when_given, 1);
	for (unsigned n = 1; n <= 4; n++) {
		sem_post(&reached);
		while (__atomic_load_n(&order, __ATOMIC_RELAXED) < (n == 1 ? 1 : n == 2 ? 10 : n == 3 ? 100 : 1000))
			sched_yield();
	}
	for (int i = 0; i < 4; i++)
		UK_CHECK_EQ(pthread_join(t[i], NULL), 0);
	UK_CHECK_EQ(order, 1234);
}

static pthread_barrier_t barrier;
static unsigned serial, rounds[THREADS];

static void *meet(void *arg)
{
	for (int i = 0; i < 200; i++) {
		const int last = pthread_barrier_wait(&barrier);

		__atomic_fetch_add(&serial, last == PTHREAD_BARRIER_SERIAL_THREAD, __ATOMIC_RELAXED);
		rounds[(uintptr_t)arg]++;
		pthread_barrier_wait(&barrier);
		for (int k = 0; k < THREADS; k++)
			UK_CHECK_EQ(rounds[k], i + 1);
		pthread_barrier_wait(&barrier);
	}
	return NULL;
}

UK_TEST(pthread_barrier, everybody_or_nobody)
{
	pthread_t t[THREADS];

	serial = 0;
	UK_CHECK_EQ(pthread_barrier_init(&barrier, NULL, 0), EINVAL);
	UK_CHECK_EQ(pthread_barrier_init(&barrier, NULL, THREADS), 0);
	for (uintptr_t i = 0; i < THREADS; i++) {
		rounds[i] = 0;
		UK_REQUIRE(!pthread_create(&t[i], NULL, meet, (void *)i));
	}
	for (int i = 0; i < THREADS; i++)
		UK_CHECK_EQ(pthread_join(t[i], NULL), 0);
	UK_CHECK_EQ(serial, 200);
	UK_CHECK_EQ(pthread_barrier_destroy(&barrier), 0);
	UK_CHECK_EQ(pthread_barrier_destroy(&barrier), EINVAL);
	UK_CHECK_EQ(pthread_barrier_wait(&barrier), EINVAL);
}

static pthread_spinlock_t spin;

static void *spin_often(void *arg)
{
	for (int i = 0; i < 20000; i++) {
		pthread_spin_lock(&spin);
		left++;
		pthread_spin_unlock(&spin);
	}
	return arg;
}

UK_TEST(pthread_spin, excludes)
{
	pthread_t t[THREADS];

	left = 0;
	UK_CHECK_EQ(pthread_spin_init(&spin, 7), EINVAL);
	UK_CHECK_EQ(pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE), 0);
	UK_CHECK_EQ(pthread_spin_lock(&spin), 0);
	UK_CHECK_EQ(pthread_spin_trylock(&spin), EBUSY);
	UK_CHECK_EQ(pthread_spin_destroy(&spin), EBUSY);
	UK_CHECK_EQ(pthread_spin_unlock(&spin), 0);
	for (int i = 0; i < THREADS; i++)
		UK_REQUIRE(!pthread_create(&t[i], NULL, spin_often, NULL));
	for (int i = 0; i < THREADS; i++)
		UK_CHECK_EQ(pthread_join(t[i], NULL), 0);
	UK_CHECK_EQ(left, 20000 * THREADS);
	UK_CHECK_EQ(pthread_spin_destroy(&spin), 0);
}

static pthread_key_t keys[40];
static unsigned destroyed[40], again;

static void destroy(void *value)
{
	destroyed[(uintptr_t)value]++;
}

static void set_again(void *value)
{
	again++;
	pthread_setspecific(keys[0], value);
}

static void *use_keys(void *arg)
{
	for (uintptr_t i = 1; i < UK_ARRAY_SIZE(keys); i++) {
		UK_CHECK(!pthread_getspecific(keys[i]));
		UK_CHECK_EQ(pthread_setspecific(keys[i], (void *)i), 0);
	}
	pthread_setspecific(keys[0], &again);
	for (uintptr_t i = 1; i < UK_ARRAY_SIZE(keys); i++)
		UK_CHECK(pthread_getspecific(keys[i]) == (void *)i);
	pthread_setspecific(keys[1], NULL);
	return arg;
}

UK_TEST(pthread_key, values_and_destructors)
{
	pthread_t t;

	again = 0;
	for (unsigned i = 0; i < UK_ARRAY_SIZE(keys); i++) {
		destroyed[i] = 0;
		UK_REQUIRE(!pthread_key_create(&keys[i], i == 0 ? set_again : i == 2 ? NULL : destroy));
	}
	UK_REQUIRE(!pthread_create(&t, NULL, use_keys, NULL));
	UK_CHECK_EQ(pthread_join(t, NULL), 0);
	UK_CHECK_EQ(again, PTHREAD_DESTRUCTOR_ITERATIONS);
	for (unsigned i = 1; i < UK_ARRAY_SIZE(keys); i++)
		UK_CHECK_EQ(destroyed[i], i > 2);
	UK_CHECK_EQ(pthread_setspecific(keys[5], &t), 0);
	for (unsigned i = 0; i < UK_ARRAY_SIZE(keys); i++)
		UK_CHECK_EQ(pthread_key_delete(keys[i]), 0);
	UK_CHECK_EQ(pthread_key_delete(keys[5]), EINVAL);
	UK_CHECK_EQ(pthread_setspecific(keys[5], &t), EINVAL);
	UK_CHECK_EQ(pthread_setspecific(99999, &t), EINVAL);
	UK_CHECK(!pthread_getspecific(keys[5]) && !pthread_getspecific(99999));
}

UK_TEST(pthread_key, a_new_key_has_no_value)
{
	static pthread_key_t all[PTHREAD_KEYS_MAX];
	pthread_key_t key, next;
	unsigned n = 0;
	int err = 0;

	UK_REQUIRE(!pthread_key_create(&key, NULL));
	UK_CHECK_EQ(pthread_setspecific(key, &key), 0);
	UK_CHECK(pthread_getspecific(key) == &key);
	UK_CHECK_EQ(pthread_key_delete(key), 0);
	UK_REQUIRE(!pthread_key_create(&next, NULL));
	UK_CHECK_EQ(next, key); /* or this test shows nothing */
	UK_CHECK(!pthread_getspecific(next));
	UK_CHECK_EQ(pthread_key_delete(next), 0);
	while (n < PTHREAD_KEYS_MAX && !(err = pthread_key_create(&all[n], NULL)))
		n++;
	UK_CHECK(n >= _POSIX_THREAD_KEYS_MAX);
	UK_CHECK_EQ(err ? err : pthread_key_create(&key, NULL), EAGAIN);
	while (n)
		UK_CHECK_EQ(pthread_key_delete(all[--n]), 0);
}
