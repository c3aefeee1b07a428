/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Semaphores, completions and once of several threads. */

#include <errno.h>

#include <uk/completion.h>
#include <uk/once.h>
#include <uk/semaphore.h>
#include <uk/test.h>
#include <uk/timer.h>

#include "threads.h"

#define WAITERS 6
#define POSTS 20000

static struct uk_sem sem, results;
static unsigned arrived, order[WAITERS], left;

static void wait_in_line(struct crew_member *self)
{
	CREW_CHECK(!uk_sem_wait(&sem, UK_WAIT_FOREVER));
	order[__atomic_fetch_add(&arrived, 1, __ATOMIC_RELAXED)] = self->number;
	uk_sem_post(&results);
}

static unsigned sem_waiters(void)
{
	return (unsigned)(uk_lock_peek(&sem.word) / UK_SEM_WAITER);
}

UK_TEST(sem_threads, counts_go_out_in_order)
{
	struct crew crew = {.count = 0};

	uk_sem_init(&sem, 0);
	uk_sem_init(&results, 0);
	arrived = 0;
	for (unsigned i = 0; i < WAITERS; i++) {
		crew_add(&crew, 1, wait_in_line);
		UK_CHECK(CREW_UNTIL(sem_waiters() == i + 1));
	}
	UK_CHECK_EQ(uk_sem_destroy(&sem), -EBUSY);
	for (unsigned i = 0; i < WAITERS; i++) {
		UK_CHECK_EQ(uk_sem_post(&sem), 0);
		UK_CHECK_EQ(uk_sem_try(&sem), -EAGAIN); /* it is the waiter's already */
		UK_CHECK_EQ(uk_sem_wait(&results, uk_wait_in(10000 * MS)), 0);
		UK_CHECK_EQ(order[i], i);
	}
	crew_join(&crew);
	UK_CHECK_EQ(sem.word, 0);
	UK_CHECK_EQ(uk_sem_destroy(&sem), 0);
}

/* All counts that were posted are taken by somebody, and none twice. */
static void take_counts(struct crew_member *self)
{
	const bool impatient = self->number % 2;

	for (;;) {
		const uint64_t deadline = impatient ? uk_wait_in(crew_random(self, 10 * US)) : UK_WAIT_FOREVER;
		const int error = crew_random(self, 4) ? uk_sem_wait(&sem, deadline) : uk_sem_try(&sem);

		CREW_CHECK(!error || error == -EAGAIN || (impatient && error == -ETIMEDOUT));
		if (!error && __atomic_fetch_sub(&left, 1, __ATOMIC_RELAXED) <= WAITERS)
			return;
		self->done += !error;
		crew_stumble(self);
	}
}

static void post_counts(struct crew_member *self)
{
	for (unsigned i = 0; i < POSTS / 2; i++) {
		CREW_CHECK(!uk_sem_post(&sem));
		crew_stumble(self);
	}
}

UK_TEST(sem_threads, deadlines_race_with_posts)
{
	struct crew crew = {.count = 0};

	uk_sem_init(&sem, 0);
	left = POSTS; /* the last WAITERS counts end one thread each */
	crew_add(&crew, WAITERS, take_counts);
	crew_add(&crew, 2, post_counts);
	crew_join(&crew);
	UK_CHECK_EQ(left, 0);
	UK_CHECK_EQ(sem.word, 0);
}

static void be_interrupted(struct crew_member *self)
{
	CREW_CHECK(uk_sem_wait_interruptible(&sem, UK_WAIT_FOREVER) == -EINTR);
	CREW_CHECK(uk_thread_interrupt_clear());
	CREW_CHECK(uk_sem_wait_interruptible(&sem, uk_wait_in(100 * US)) == -ETIMEDOUT);
	self->done = 1;
}

UK_TEST(sem_threads, can_be_interrupted)
{
	struct crew crew = {.count = 0};

	uk_sem_init(&sem, 0);
	crew_add(&crew, 1, be_interrupted);
	UK_CHECK(CREW_UNTIL(sem_waiters() == 1));
	uk_thread_interrupt(crew.members[0].thread);
	crew_join(&crew);
	UK_CHECK_EQ(crew.members[0].done, 1);
	UK_CHECK_EQ(sem.word, 0);
}

struct alarm {
	struct uk_timer timer;
	struct uk_completion *completion;
};

static void ring(struct uk_timer *t)
{
	struct alarm *a = uk_container_of(t, struct alarm, timer);

	CREW_CHECK(!uk_sem_post(&sem));
	uk_completion_done(a->completion);
}

UK_TEST(sem_threads, post_from_an_interrupt_handler)
{
	struct uk_completion completion = UK_COMPLETION_INIT;
	struct alarm alarm = {.completion = &completion};

	uk_sem_init(&sem, 0);
	uk_timer_init(&alarm.timer, ring);
	for (int i = 0; i < 20; i++) {
		uk_timer_set(&alarm.timer, uk_wait_in(100 * US));
		UK_CHECK_EQ(uk_sem_wait(&sem, uk_wait_in(10000 * MS)), 0);
		UK_CHECK_EQ(uk_completion_wait(&completion, uk_wait_in(10000 * MS)), 0);
		uk_timer_cancel(&alarm.timer);
	}
	UK_CHECK_EQ(crew_errors, 0);
}

/* The completions are on the waiters' stacks, which are used again at once. */
static struct uk_completion *slots[WAITERS];

static void ask(struct crew_member *self)
{
	for (int i = 0; i < 2000; i++) {
		struct uk_completion c = UK_COMPLETION_INIT;

		__atomic_store_n(&slots[self->number], &c, __ATOMIC_RELEASE);
		CREW_CHECK(!uk_completion_wait(&c, UK_WAIT_FOREVER));
		c = (struct uk_completion){.done = 7, .queue.lock.word = 5};
		crew_stumble(self);
		CREW_CHECK(c.done == 7 && c.queue.lock.word == 5);
	}
	__atomic_fetch_sub(&left, 1, __ATOMIC_RELEASE);
}

static void answer(struct crew_member *self)
{
	while (__atomic_load_n(&left, __ATOMIC_ACQUIRE)) {
		struct uk_completion *c =
		    __atomic_exchange_n(&slots[crew_random(self, WAITERS)], NULL, __ATOMIC_ACQ_REL);

		if (c)
			uk_completion_done(c);
		else
			uk_thread_yield();
	}
}

UK_TEST(completion_threads, on_the_stack)
{
	struct crew crew = {.count = 0};

	left = WAITERS;
	crew_add(&crew, WAITERS, ask);
	crew_add(&crew, 1, answer);
	crew_join(&crew);
}

static struct uk_completion started;

static void wait_for_start(struct crew_member *self)
{
	CREW_CHECK(!uk_completion_wait(&started, UK_WAIT_FOREVER));
	self->done = 1;
}

UK_TEST(completion_threads, all)
{
	struct crew crew = {.count = 0};

	uk_completion_init(&started);
	crew_add(&crew, WAITERS, wait_for_start);
	uk_wait_until(uk_wait_in(200 * US));
	for (unsigned i = 0; i < WAITERS; i++)
		UK_CHECK_EQ(crew.members[i].done, 0);
	uk_completion_done_all(&started);
	crew_add(&crew, WAITERS, wait_for_start);
	crew_join(&crew);
}

static struct uk_once once;
static unsigned attempts, finished;

/* The first two attempts fail. */
static void attempt(struct crew_member *self)
{
	if (uk_once_begin(&once)) {
		const unsigned n = ++attempts;

		crew_stumble(self);
		CREW_CHECK(attempts == n);
		finished += n == 3;
		uk_once_end(&once, n == 3);
		if (n != 3)
			return;
	}
	self->done = finished;
}

UK_TEST(once_threads, others_wait_until_it_is_done)
{
	struct crew crew = {.count = 0};

	for (int i = 0; i < 200; i++) {
		once = (struct uk_once)UK_ONCE_INIT;
		attempts = finished = 0;
		crew_add(&crew, WAITERS, attempt);
		crew_join(&crew);
		UK_CHECK_EQ(attempts, 3);
		UK_CHECK_EQ(finished, 1);
		for (unsigned n = 0, sum = 0; n < WAITERS; n++) {
			sum += crew.members[n].done;
			UK_CHECK(n < WAITERS - 1 || sum == WAITERS - 2); /* all but those that failed */
		}
	}
}
