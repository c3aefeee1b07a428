/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Address-waits of several threads. */

#include <errno.h>

#include <uk/futex.h>
#include <uk/test.h>
#include <uk/timer.h>

#include "threads.h"

#define THREADS 6
#define ROUNDS 3000

static uint32_t word, other;
static unsigned counter, woken, order[THREADS];

/* A lock as applications make one: 0 free, 1 held, 2 held and perhaps waited for. */
static void lock(struct crew_member *self)
{
	uint32_t old = 0;

	if (__atomic_compare_exchange_n(&word, &old, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		return;
	while (__atomic_exchange_n(&word, 2, __ATOMIC_ACQUIRE)) {
		const bool patient = crew_random(self, 2);
		const int error = uk_futex_wait(&word, 2, patient ? UK_WAIT_FOREVER : uk_wait_in(5 * US));

		CREW_CHECK(!error || error == -EAGAIN || (!patient && error == -ETIMEDOUT));
	}
}

static void unlock(void)
{
	if (__atomic_exchange_n(&word, 0, __ATOMIC_RELEASE) == 2)
		uk_futex_wake(&word, 1);
}

static void count(struct crew_member *self)
{
	for (unsigned i = 0; i < ROUNDS; i++) {
		unsigned before;

		lock(self);
		before = counter;
		crew_stumble(self);
		counter = before + 1;
		unlock();
		crew_stumble(self);
	}
}

UK_TEST(futex_threads, make_a_lock)
{
	struct crew crew = {.count = 0};

	word = 0;
	counter = 0;
	crew_add(&crew, THREADS, count);
	crew_join(&crew);
	UK_CHECK_EQ(counter, THREADS * ROUNDS);
	UK_CHECK_EQ(word, 0);
}

static void wait_in_line(struct crew_member *self)
{
	self->done = 1;
	CREW_CHECK(!uk_futex_wait(&word, 7, UK_WAIT_FOREVER));
	order[__atomic_fetch_add(&woken, 1, __ATOMIC_RELAXED)] = self->number;
}

/* It waits in the table, as far as can be seen from outside. */
static bool waits(const struct crew_member *m)
{
	return __atomic_load_n(&m->done, __ATOMIC_RELAXED) &&
	       __atomic_load_n(&m->thread->state, __ATOMIC_RELAXED) == UK_THREAD_WAITING;
}

static void line_up(struct crew *crew)
{
	word = 7;
	woken = 0;
	for (unsigned i = 0; i < THREADS; i++) {
		crew_add(crew, 1, wait_in_line);
		UK_CHECK(CREW_UNTIL(waits(&crew->members[i])));
	}
}

static unsigned woken_now(void)
{
	return __atomic_load_n(&woken, __ATOMIC_RELAXED);
}

UK_TEST(futex_threads, wake_in_order)
{
	struct crew crew = {.count = 0};

	line_up(&crew);
	UK_CHECK_EQ(uk_futex_wake(&other, 10), 0);
	UK_CHECK_EQ(uk_futex_wake(&word, 0), 0);
	for (unsigned i = 0; i < 2; i++) {
		UK_CHECK_EQ(uk_futex_wake(&word, 1), 1);
		UK_CHECK(CREW_UNTIL(woken_now() == i + 1));
		UK_CHECK_EQ(order[i], i);
	}
	UK_CHECK_EQ(uk_futex_wake(&word, 100), THREADS - 2);
	UK_CHECK_EQ(uk_futex_wake(&word, 100), 0);
	crew_join(&crew);
}

UK_TEST(futex_threads, requeue)
{
	struct crew crew = {.count = 0};

	line_up(&crew);
	UK_CHECK_EQ(uk_futex_requeue(&word, 8, 1, &other, 3), -EAGAIN);
	UK_CHECK_EQ(uk_futex_requeue(&word, 7, 1, &other, 3), 4);
	UK_CHECK(CREW_UNTIL(woken_now() == 1));
	UK_CHECK_EQ(order[0], 0);
	UK_CHECK_EQ(uk_futex_wake(&word, 100), 2);
	UK_CHECK(CREW_UNTIL(woken_now() == 3));
	for (unsigned i = 0; i < 3; i++) {
		UK_CHECK_EQ(uk_futex_wake(&other, 1), 1);
		UK_CHECK(CREW_UNTIL(woken_now() == 4 + i));
		UK_CHECK_EQ(order[3 + i], 1 + i);
	}
	UK_CHECK_EQ(uk_futex_wake(&other, 1), 0);
	crew_join(&crew);
}

/* Waiters are moved to and fro and woken while their deadlines pass; `counter` is what wakes were counted. */
static bool stop;

static void wait_and_give_up(struct crew_member *self)
{
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		const int error =
		    uk_futex_wait(crew_random(self, 2) ? &word : &other, 7, uk_wait_in(crew_random(self, 20 * US)));

		CREW_CHECK(!error || error == -ETIMEDOUT);
		self->done += !error;
		crew_stumble(self);
	}
}

static void shuffle(struct crew_member *self)
{
	for (unsigned i = 0; i < 4 * ROUNDS; i++) {
		const bool forth = crew_random(self, 2);
		int n;

		n = uk_futex_requeue(forth ? &word : &other, 7, 0, forth ? &other : &word, crew_random(self, 3));
		CREW_CHECK(n >= 0);
		if (!crew_random(self, 4))
			self->done += uk_futex_wake(forth ? &word : &other, 1);
		uk_thread_yield();
	}
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
}

UK_TEST(futex_threads, deadlines_race_with_moves)
{
	struct crew crew = {.count = 0};
	unsigned sum = 0;

	word = other = 7;
	stop = false;
	crew_add(&crew, THREADS, wait_and_give_up);
	crew_add(&crew, 1, shuffle);
	crew_join(&crew);
	for (unsigned i = 0; i < THREADS; i++)
		sum += crew.members[i].done;
	UK_CHECK_EQ(sum, crew.members[THREADS].done);
}

static void be_interrupted(struct crew_member *self)
{
	self->done = 1;
	CREW_CHECK(uk_futex_wait_interruptible(&word, 7, UK_WAIT_FOREVER) == -EINTR);
	CREW_CHECK(uk_thread_interrupt_clear());
	CREW_CHECK(uk_futex_wait_interruptible(&word, 7, uk_wait_in(100 * US)) == -ETIMEDOUT);
}

UK_TEST(futex_threads, can_be_interrupted)
{
	struct crew crew = {.count = 0};

	word = 7;
	crew_add(&crew, 1, be_interrupted);
	UK_CHECK(CREW_UNTIL(waits(&crew.members[0])));
	uk_thread_interrupt(crew.members[0].thread);
	crew_join(&crew);
	UK_CHECK_EQ(uk_futex_wake(&word, 1), 0);
}

/* It changes the word first, so that it can come before the wait. */
static void wake_from_interrupt(struct uk_timer *t UK_UNUSED)
{
	__atomic_store_n(&word, 8, __ATOMIC_RELEASE);
	uk_futex_wake(&word, 1);
}

UK_TEST(futex_threads, wake_from_an_interrupt_handler)
{
	struct uk_timer timer;

	word = 7;
	uk_timer_init(&timer, wake_from_interrupt);
	uk_timer_set(&timer, uk_wait_in(MS));
	while (__atomic_load_n(&word, __ATOMIC_ACQUIRE) == 7) {
		const int error = uk_futex_wait(&word, 7, uk_wait_in(10000 * MS));

		UK_REQUIRE(error == 0 || error == -EAGAIN);
	}
	uk_timer_cancel(&timer);
}
