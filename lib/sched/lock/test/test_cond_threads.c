/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Condition variables of several threads. */

#include <errno.h>
#include <string.h>

#include <uk/cond.h>
#include <uk/test.h>
#include <uk/timer.h>

#include "threads.h"

#define TICKETS 20000
#define WAITERS 6

static struct uk_mutex mutex;
static struct uk_cond cond, space;
static unsigned tickets, taken, waiting, order[WAITERS];
static bool go;

static int cond_setup(void)
{
	uk_mutex_init(&mutex, UK_MUTEX_CHECKED);
	uk_cond_init(&cond);
	uk_cond_init(&space);
	tickets = taken = waiting = 0;
	go = false;
	return 0;
}

UK_TEST_FIXTURE(cond_threads, cond_setup, NULL);

static void wait_in_line(struct crew_member *self)
{
	CREW_CHECK(!uk_mutex_lock(&mutex));
	waiting++;
	CREW_CHECK(!uk_cond_wait(&cond, &mutex, UK_WAIT_FOREVER, 0));
	CREW_CHECK(uk_mutex_held(&mutex));
	order[taken++] = self->number;
	CREW_CHECK(!uk_mutex_unlock(&mutex));
}

/* Nobody is between `waiting` and the queue when the mutex can be had. */
static bool all_wait(unsigned n)
{
	bool all;

	uk_mutex_lock(&mutex);
	all = waiting == n;
	uk_mutex_unlock(&mutex);
	return all;
}

static unsigned taken_now(void)
{
	unsigned n;

	uk_mutex_lock(&mutex);
	n = taken;
	uk_mutex_unlock(&mutex);
	return n;
}

UK_TEST(cond_threads, signal_wakes_one_in_order)
{
	struct crew crew = {.count = 0};

	for (unsigned i = 0; i < WAITERS; i++) {
		crew_add(&crew, 1, wait_in_line);
		UK_CHECK(CREW_UNTIL(all_wait(i + 1)));
	}
	UK_CHECK_EQ(uk_cond_destroy(&cond), -EBUSY);
	for (unsigned i = 0; i < WAITERS; i++) {
		uk_cond_signal(&cond);
		UK_CHECK(CREW_UNTIL(taken_now() > i));
		uk_wait_until(uk_wait_in(200 * US));
		UK_CHECK_EQ(taken_now(), i + 1);
		UK_CHECK_EQ(order[i], i);
	}
	crew_join(&crew);
	UK_CHECK_EQ(uk_cond_destroy(&cond), 0);
}

UK_TEST(cond_threads, broadcast_wakes_all)
{
	struct crew crew = {.count = 0};

	crew_add(&crew, WAITERS, wait_in_line);
	UK_CHECK(CREW_UNTIL(all_wait(WAITERS)));
	uk_mutex_lock(&mutex);
	uk_cond_broadcast(&cond);
	UK_CHECK_EQ(taken, 0);
	uk_mutex_unlock(&mutex);
	crew_join(&crew);
	UK_CHECK_EQ(taken, WAITERS);
}

/* Each ticket comes with one signal: if a thread that gives up used one up, another would wait for ever. */
static void take_tickets(struct crew_member *self)
{
	const bool impatient = self->number % 2;

	uk_mutex_lock(&mutex);
	while (taken < TICKETS) {
		const uint64_t deadline = impatient ? uk_wait_in(crew_random(self, 10 * US)) : UK_WAIT_FOREVER;
		const int error = tickets ? 0 : uk_cond_wait(&cond, &mutex, deadline, 0);

		CREW_CHECK(uk_mutex_held(&mutex));
		CREW_CHECK(!error || (impatient && error == -ETIMEDOUT));
		if (error || !tickets)
			continue;
		tickets--;
		taken++;
		self->done++;
	}
	uk_mutex_unlock(&mutex);
}

static void issue_tickets(struct crew_member *self)
{
	for (unsigned i = 0; i < TICKETS; i++) {
		const bool early = crew_random(self, 2);

		uk_mutex_lock(&mutex);
		tickets++;
		if (early)
			uk_cond_signal(&cond);
		uk_mutex_unlock(&mutex);
		if (!early)
			uk_cond_signal(&cond);
		crew_stumble(self);
	}
}

UK_TEST(cond_threads, deadlines_race_with_signals)
{
	struct crew crew = {.count = 0};

	crew_add(&crew, WAITERS, take_tickets);
	crew_add(&crew, 1, issue_tickets);
	UK_CHECK(CREW_UNTIL(__atomic_load_n(&taken, __ATOMIC_RELAXED) == TICKETS));
	uk_cond_broadcast(&cond);
	crew_join(&crew);
	UK_CHECK_EQ(taken, TICKETS);
	UK_CHECK_EQ(tickets, 0);
	UK_CHECK_EQ(uk_cond_destroy(&cond), 0);
}

/* A store with room for three: `tickets` are in it. */
static void produce(struct crew_member *self)
{
	for (unsigned i = 0; i < TICKETS / 2; i++) {
		uk_mutex_lock(&mutex);
		while (tickets == 3)
			CREW_CHECK(!uk_cond_wait(&space, &mutex, UK_WAIT_FOREVER, 0));
		tickets++;
		uk_cond_signal(&cond);
		uk_mutex_unlock(&mutex);
		crew_stumble(self);
	}
}

static void consume(struct crew_member *self)
{
	for (unsigned i = 0; i < TICKETS / 2; i++) {
		uk_mutex_lock(&mutex);
		while (!tickets)
			CREW_CHECK(!uk_cond_wait(&cond, &mutex, UK_WAIT_FOREVER, 0));
		tickets--;
		taken++;
		uk_mutex_unlock(&mutex);
		uk_cond_signal(&space);
		crew_stumble(self);
	}
}

UK_TEST(cond_threads, producers_and_consumers)
{
	struct crew crew = {.count = 0};

	crew_add(&crew, 2, produce);
	crew_add(&crew, 2, consume);
	crew_join(&crew);
	UK_CHECK_EQ(taken, TICKETS);
	UK_CHECK_EQ(tickets, 0);
}

static void be_interrupted(struct crew_member *self)
{
	uk_mutex_lock(&mutex);
	waiting++;
	CREW_CHECK(uk_cond_wait(&cond, &mutex, UK_WAIT_FOREVER, UK_COND_INTERRUPTIBLE) == -EINTR);
	CREW_CHECK(uk_mutex_held(&mutex));
	CREW_CHECK(uk_thread_interrupt_clear());
	CREW_CHECK(uk_cond_wait(&cond, &mutex, uk_wait_in(100 * US), UK_COND_INTERRUPTIBLE) == -ETIMEDOUT);
	uk_mutex_unlock(&mutex);
	self->done = 1;
}

UK_TEST(cond_threads, can_be_interrupted)
{
	struct crew crew = {.count = 0};

	crew_add(&crew, 1, be_interrupted);
	UK_CHECK(CREW_UNTIL(all_wait(1)));
	uk_thread_interrupt(crew.members[0].thread);
	crew_join(&crew);
	UK_CHECK_EQ(crew.members[0].done, 1);
	UK_CHECK_EQ(uk_cond_destroy(&cond), 0);
}

static void ignore_interrupts(struct crew_member *self)
{
	uk_mutex_lock(&mutex);
	waiting++;
	while (!go)
		CREW_CHECK(!uk_cond_wait(&cond, &mutex, UK_WAIT_FOREVER, 0));
	uk_mutex_unlock(&mutex);
	CREW_CHECK(uk_thread_interrupt_clear());
	self->done = 1;
}

UK_TEST(cond_threads, or_not)
{
	struct crew crew = {.count = 0};

	crew_add(&crew, 1, ignore_interrupts);
	UK_CHECK(CREW_UNTIL(all_wait(1)));
	uk_thread_interrupt(crew.members[0].thread);
	uk_wait_until(uk_wait_in(200 * US));
	UK_CHECK_EQ(crew.members[0].done, 0);
	uk_mutex_lock(&mutex);
	go = true;
	uk_mutex_unlock(&mutex);
	uk_cond_broadcast(&cond);
	crew_join(&crew);
}

/* POSIX.1-2017, pthread_cond_destroy(): safe as soon as nobody waits unsignalled. */
UK_TEST(cond_threads, memory_is_free_after_destroy)
{
	struct crew crew = {.count = 0};

	for (int i = 0; i < 50; i++) {
		waiting = taken = 0;
		crew_add(&crew, WAITERS, wait_in_line);
		UK_CHECK(CREW_UNTIL(all_wait(WAITERS)));
		uk_cond_broadcast(&cond);
		UK_CHECK_EQ(uk_cond_destroy(&cond), 0);
		memset(&cond, 0xa5, sizeof(cond));
		crew_join(&crew);
		for (size_t byte = 0; byte < sizeof(cond); byte++)
			UK_REQUIRE(((const unsigned char *)&cond)[byte] == 0xa5);
		uk_cond_init(&cond);
	}
}

/* Again and again: the first may come before the wait. */
static void signal_from_interrupt(struct uk_timer *t)
{
	__atomic_store_n(&go, true, __ATOMIC_RELEASE);
	uk_cond_signal(&cond);
	uk_timer_set(t, uk_wait_in(MS));
}

UK_TEST(cond_threads, signal_from_an_interrupt_handler)
{
	struct uk_timer timer;

	uk_timer_init(&timer, signal_from_interrupt);
	uk_mutex_lock(&mutex);
	uk_timer_set(&timer, uk_wait_in(MS));
	UK_CHECK_EQ(uk_cond_wait(&cond, &mutex, uk_wait_in(10000 * MS), 0), 0);
	UK_CHECK(go);
	uk_mutex_unlock(&mutex);
	uk_timer_cancel(&timer);
}
