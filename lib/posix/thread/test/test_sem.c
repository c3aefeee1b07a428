/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Semaphores, unnamed and named. */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include <uk/test.h>

static int value_of(sem_t *s)
{
	int value = -1;

	UK_CHECK_EQ(sem_getvalue(s, &value), 0);
	return value;
}

UK_TEST(posix_sem, counts)
{
	const struct timespec past = {1, 0}, bad = {0, 1000000000};
	sem_t s;

	UK_CHECK(sem_init(&s, 0, (unsigned)SEM_VALUE_MAX + 1) == -1 && errno == EINVAL);
	UK_CHECK_EQ(sem_init(&s, 1, 2), 0);
	UK_CHECK_EQ(sem_wait(&s), 0);
	UK_CHECK_EQ(sem_trywait(&s), 0);
	UK_CHECK(sem_trywait(&s) == -1 && errno == EAGAIN);
	UK_CHECK_EQ(value_of(&s), 0);
	UK_CHECK(sem_timedwait(&s, &past) == -1 && errno == ETIMEDOUT);
	UK_CHECK(sem_timedwait(&s, &bad) == -1 && errno == EINVAL);
	UK_CHECK(sem_clockwait(&s, 77, &past) == -1 && errno == EINVAL);
	UK_CHECK_EQ(sem_post(&s), 0);
	UK_CHECK_EQ(value_of(&s), 1);
	UK_CHECK_EQ(sem_timedwait(&s, &bad), 0); /* there is one: the time is not looked at */
	UK_CHECK_EQ(sem_destroy(&s), 0);
	UK_CHECK_EQ(sem_init(&s, 0, SEM_VALUE_MAX), 0);
	UK_CHECK(sem_post(&s) == -1 && errno == EOVERFLOW);
	UK_CHECK_EQ(sem_destroy(&s), 0);
}

static sem_t full, empty, reached;

static void *consume(void *arg)
{
	for (int i = 0; i < 5000; i++) {
		sem_wait(&full);
		sem_post(&empty);
	}
	return arg;
}

UK_TEST(posix_sem, two_threads)
{
	pthread_t t[2];

	sem_init(&full, 0, 0);
	sem_init(&empty, 0, 3);
	for (int i = 0; i < 2; i++)
		UK_REQUIRE(!pthread_create(&t[i], NULL, consume, NULL));
	for (int i = 0; i < 10000; i++) {
		UK_CHECK_EQ(sem_wait(&empty), 0);
		UK_CHECK_EQ(sem_post(&full), 0);
	}
	for (int i = 0; i < 2; i++)
		UK_CHECK_EQ(pthread_join(t[i], NULL), 0);
	UK_CHECK(value_of(&full) == 0 && value_of(&empty) == 3);
}

static void nothing(int number UK_UNUSED)
{
}

static void *wait_once(void *arg)
{
	sem_post(&reached);
	return (void *)(intptr_t)(sem_wait(arg) ? errno : 0);
}

UK_TEST(posix_sem, ended_by_a_signal)
{
	struct sigaction action = {.sa_handler = nothing}, before;
	pthread_t t;
	void *result;

	sigaction(SIGUSR1, &action, &before);
	sem_init(&reached, 0, 0);
	sem_init(&full, 0, 0);
	UK_REQUIRE(!pthread_create(&t, NULL, wait_once, &full));
	sem_wait(&reached);
	for (int i = 0; i < 20; i++)
		sched_yield();
	UK_CHECK(sem_destroy(&full) == -1 && errno == EBUSY);
	UK_CHECK_EQ(pthread_kill(t, SIGUSR1), 0);
	UK_CHECK_EQ(pthread_join(t, &result), 0);
	UK_CHECK_EQ((intptr_t)result, EINTR);

	action.sa_flags = SA_RESTART;
	sigaction(SIGUSR1, &action, NULL);
	UK_REQUIRE(!pthread_create(&t, NULL, wait_once, &full));
	sem_wait(&reached);
	for (int i = 0; i < 20; i++)
		sched_yield();
	UK_CHECK_EQ(pthread_kill(t, SIGUSR1), 0);
	for (int i = 0; i < 20; i++)
		sched_yield();
	sem_post(&full);
	UK_CHECK_EQ(pthread_join(t, &result), 0);
	UK_CHECK_EQ((intptr_t)result, 0);
	sigaction(SIGUSR1, &before, NULL);
}

UK_TEST(posix_sem, named)
{
	char longest[NAME_MAX + 3];
	sem_t *a, *b, *c, local;

	UK_CHECK(sem_open("/one", 0) == SEM_FAILED && errno == ENOENT);
	a = sem_open("/one", O_CREAT, 0600, 4);
	UK_REQUIRE(a != SEM_FAILED);
	UK_CHECK(sem_open("/one", O_CREAT | O_EXCL, 0600, 4) == SEM_FAILED && errno == EEXIST);
	b = sem_open("/one", O_CREAT, 0600, 9); /* the value counts for a new one only */
	UK_CHECK(a == b && value_of(b) == 4);
	UK_CHECK_EQ(sem_unlink("/one"), 0);
	UK_CHECK(sem_unlink("/one") == -1 && errno == ENOENT);
	c = sem_open("/one", O_CREAT, 0600, 0);
	UK_CHECK(c != SEM_FAILED && c != a);
	UK_CHECK_EQ(sem_wait(a), 0); /* unlinked, still open twice */
	UK_CHECK_EQ(sem_close(a), 0);
	UK_CHECK_EQ(sem_post(b), 0);
	UK_CHECK_EQ(sem_close(b), 0);
	UK_CHECK_EQ(sem_close(c), 0);
	UK_CHECK_EQ(sem_unlink("one"), 0);
	sem_init(&local, 0, 0);
	UK_CHECK(sem_close(&local) == -1 && errno == EINVAL);
	UK_CHECK(sem_open("/two", O_CREAT, 0600, (unsigned)SEM_VALUE_MAX + 1) == SEM_FAILED && errno == EINVAL);
	UK_CHECK(sem_open("/", O_CREAT, 0600, 1) == SEM_FAILED && errno == EINVAL);
	UK_CHECK(sem_open("/a/b", O_CREAT, 0600, 1) == SEM_FAILED && errno == EINVAL);
	memset(longest, 'x', sizeof(longest));
	longest[0] = '/';
	longest[sizeof(longest) - 1] = 0;
	UK_CHECK(sem_open(longest, O_CREAT, 0600, 1) == SEM_FAILED && errno == ENAMETOOLONG);
	UK_CHECK(sem_unlink(longest) == -1 && errno == ENAMETOOLONG);
}
