/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Cancellation, cleanup handlers, once. */

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <time.h>
#include <unistd.h>

#include <uk/posix_thread.h>
#include <uk/test.h>

static sem_t go, reached, never;
static pthread_mutex_t mutex;
static pthread_cond_t cond;
static unsigned order;

static int setup(void)
{
	sem_init(&go, 0, 0);
	sem_init(&reached, 0, 0);
	sem_init(&never, 0, 0);
	pthread_mutex_init(&mutex, NULL);
	pthread_cond_init(&cond, NULL);
	order = 0;
	return 0;
}

UK_TEST_FIXTURE(pthread_cancel, setup, NULL);

static void note(void *digit)
{
	order = order * 10 + (unsigned)(uintptr_t)digit;
}

static void unlock(void *m)
{
	note((void *)1);
	UK_CHECK_EQ(pthread_mutex_unlock(m), 0);
}

static void *wait_sem(void *arg)
{
	sem_post(&reached);
	sem_wait(&never);
	return arg;
}

static void *wait_sem_long(void *arg)
{
	sem_post(&reached);
	sem_clockwait(&never, CLOCK_MONOTONIC, &(struct timespec){1000000000, 0});
	return arg;
}

static void *wait_cond(void *arg)
{
	pthread_mutex_lock(&mutex);
	pthread_cleanup_push(unlock, &mutex);
	sem_post(&reached);
	for (;;)
		pthread_cond_wait(&cond, &mutex);
	pthread_cleanup_pop(0);
	return arg;
}

static void *wait_sleep(void *arg)
{
	sem_post(&reached);
	sleep(1000);
	return arg;
}

static void *wait_nanosleep(void *arg)
{
	sem_post(&reached);
	clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){1000, 0}, NULL);
	return arg;
}

static void *wait_join(void *arg)
{
	pthread_t t;

	if (pthread_create(&t, NULL, wait_sem, NULL))
		return arg;
	pthread_detach(t);
	pthread_create(&t, NULL, wait_sem, NULL);
	pthread_join(t, NULL);
	return arg;
}

static void *test_often(void *arg)
{
	sem_post(&reached);
	for (;;) {
		pthread_testcancel();
		sched_yield();
	}
	return arg;
}

static void *call_close(void *arg)
{
	sem_post(&reached);
	for (;;) {
		close(-1);
		sched_yield();
	}
	return arg;
}

static const struct place {
	void *(*function)(void *arg);
} places[] = {{wait_sem},       {wait_sem_long}, {wait_cond},  {wait_sleep},
	      {wait_nanosleep}, {wait_join},     {test_often}, {call_close}};

UK_TEST_EACH(pthread_cancel, at_a_cancellation_point, struct place, places)
{
	pthread_t t;
	void *result = NULL;

	UK_REQUIRE(!pthread_create(&t, NULL, it->function, NULL));
	sem_wait(&reached);
	sched_yield();
	UK_CHECK_EQ(pthread_cancel(t), 0);
	UK_CHECK_EQ(pthread_join(t, &result), 0);
	UK_CHECK(result == PTHREAD_CANCELED);
	UK_CHECK_EQ(order, it->function == wait_cond ? 1 : 0); /* the handler ran, and had the mutex */
	while (!sem_trywait(&reached))
		continue;
	for (int i = 0; i < 4; i++)
		sem_post(&never);
}

UK_TEST_EACH(pthread_cancel, before_it_begins, struct place, places)
{
	pthread_t t;
	void *result = NULL;

	UK_REQUIRE(!pthread_create(&t, NULL, it->function, NULL));
	UK_CHECK_EQ(pthread_cancel(t), 0);
	UK_CHECK_EQ(pthread_join(t, &result), 0);
	UK_CHECK(result == PTHREAD_CANCELED);
	for (int i = 0; i < 4; i++)
		sem_post(&never);
}

static void *disabled(void *arg)
{
	int old = -1;

	UK_CHECK_EQ(pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old), 0);
	UK_CHECK_EQ(old, PTHREAD_CANCEL_ENABLE);
	sem_post(&reached);
	while (sem_wait(&go)) /* not ended by the request */
		UK_CHECK(0);
	pthread_testcancel();
	note((void *)1);
	UK_CHECK_EQ(pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &old), 0);
	UK_CHECK_EQ(old, PTHREAD_CANCEL_DISABLE);
	note((void *)2); /* deferred: nothing happens before a cancellation point */
	pthread_testcancel();
	note((void *)3);
	return arg;
}

UK_TEST(pthread_cancel, can_be_disabled)
{
	pthread_t t;
	void *result;

	UK_REQUIRE(!pthread_create(&t, NULL, disabled, NULL));
	sem_wait(&reached);
	UK_CHECK_EQ(pthread_cancel(t), 0);
	sched_yield();
	sem_post(&go);
	UK_CHECK_EQ(pthread_join(t, &result), 0);
	UK_CHECK(result == PTHREAD_CANCELED);
	UK_CHECK_EQ(order, 12);
	UK_CHECK_EQ(pthread_setcancelstate(7, NULL), EINVAL);
	UK_CHECK_EQ(pthread_setcanceltype(7, NULL), EINVAL);
}

static void *nested(void *arg)
{
	pthread_cleanup_push(note, (void *)1);
	pthread_cleanup_push(note, (void *)2);
	pthread_cleanup_push(note, (void *)3);
	pthread_cleanup_pop(1);
	pthread_cleanup_push(note, (void *)4);
	pthread_cleanup_pop(0);
	if (arg)
		pthread_exit(arg);
	sem_post(&reached);
	sem_wait(&never);
	pthread_cleanup_pop(0);
	pthread_cleanup_pop(0);
	return NULL;
}

UK_TEST(pthread_cancel, handlers_run_backwards)
{
	pthread_t t;

	UK_REQUIRE(!pthread_create(&t, NULL, nested, &order));
	UK_CHECK_EQ(pthread_join(t, NULL), 0);
	UK_CHECK_EQ(order, 321);
	order = 0;
	UK_REQUIRE(!pthread_create(&t, NULL, nested, NULL));
	sem_wait(&reached);
	pthread_cancel(t);
	UK_CHECK_EQ(pthread_join(t, NULL), 0);
	UK_CHECK_EQ(order, 321);
}

static void *busy(void *arg)
{
	static volatile unsigned long n;

	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
	pthread_cleanup_push(note, (void *)1);
	sem_post(&reached);
	for (;;)
		n++;
	pthread_cleanup_pop(0);
	return arg;
}

UK_TEST(pthread_cancel, asynchronous)
{
	pthread_t t;
	void *result;

	if (!uk_sched_current()->preemptive)
		UK_SKIP("the scheduler does not preempt");
	UK_REQUIRE(!pthread_create(&t, NULL, busy, NULL));
	sem_wait(&reached);
	UK_CHECK_EQ(pthread_cancel(t), 0);
	UK_CHECK_EQ(pthread_join(t, &result), 0);
	UK_CHECK(result == PTHREAD_CANCELED);
	UK_CHECK_EQ(order, 1);
}

static void *cancel_myself(void *arg)
{
	pthread_cancel(pthread_self());
	note((void *)1);
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL); /* takes effect at once */
	note((void *)2);
	return arg;
}

UK_TEST(pthread_cancel, oneself)
{
	pthread_t t;
	void *result;

	UK_REQUIRE(!pthread_create(&t, NULL, cancel_myself, NULL));
	UK_CHECK_EQ(pthread_join(t, &result), 0);
	UK_CHECK(result == PTHREAD_CANCELED);
	UK_CHECK_EQ(order, 1);
}

static void *end_at_once(void *arg)
{
	return arg;
}

UK_TEST(pthread_cancel, one_that_has_ended)
{
	pthread_t t;
	void *result;

	UK_REQUIRE(!pthread_create(&t, NULL, end_at_once, NULL));
	while (pthread_tryjoin_np(t, NULL) == EBUSY)
		sched_yield();
	UK_CHECK_EQ(pthread_cancel(t), ESRCH);
	UK_REQUIRE(!pthread_create(&t, NULL, end_at_once, NULL));
	for (int i = 0; i < 100; i++)
		sched_yield();
	UK_CHECK_EQ(pthread_cancel(t), 0); /* has ended, can be joined */
	UK_CHECK_EQ(pthread_join(t, &result), 0);
}

static pthread_once_t once;

static void hang_the_first_time(void)
{
	note((void *)1);
	if (order == 1) {
		sem_post(&reached);
		sem_wait(&never);
	}
}

static void *run_once(void *arg)
{
	UK_CHECK_EQ(pthread_once(&once, hang_the_first_time), 0);
	return arg;
}

UK_TEST(pthread_cancel, once_is_as_if_never_called)
{
	pthread_t first, second;

	once = PTHREAD_ONCE_INIT;
	UK_REQUIRE(!pthread_create(&first, NULL, run_once, NULL));
	sem_wait(&reached);
	UK_REQUIRE(!pthread_create(&second, NULL, run_once, NULL));
	sched_yield();
	UK_CHECK_EQ(pthread_cancel(first), 0);
	UK_CHECK_EQ(pthread_join(first, NULL), 0);
	UK_CHECK_EQ(pthread_join(second, NULL), 0);
	UK_CHECK_EQ(order, 11);
	UK_CHECK_EQ(pthread_once(&once, hang_the_first_time), 0);
	UK_CHECK_EQ(order, 11);
	once = 77;
	UK_CHECK_EQ(pthread_once(&once, hang_the_first_time), EINVAL);
}
