/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Mutexes of several threads. */

#include <errno.h>

#include <uk/mutex.h>
#include <uk/test.h>

#include "threads.h"

#define THREADS 6
#define ROUNDS 3000

static struct uk_mutex mutex;
static unsigned counter, inside;
static bool stop;

static int mutex_setup(void)
{
	counter = inside = 0;
	stop = false;
	return 0;
}

UK_TEST_FIXTURE(mutex_threads, mutex_setup, NULL);

/* The counter is not atomic: it is right only if nobody else is here. */
static void critical(struct crew_member *self)
{
	const unsigned before = counter;

	CREW_CHECK(inside++ == 0);
	crew_stumble(self);
	counter = before + 1;
	CREW_CHECK(--inside == 0);
	self->done++;
}

static void lock_and_count(struct crew_member *self)
{
	while (self->done < ROUNDS) {
		const bool twice = mutex.kind == UK_MUTEX_RECURSIVE && crew_random(self, 2);

		CREW_CHECK(!uk_mutex_lock(&mutex));
		CREW_CHECK(!twice || !uk_mutex_lock(&mutex));
		critical(self);
		CREW_CHECK(!twice || !uk_mutex_unlock(&mutex));
		CREW_CHECK(!uk_mutex_unlock(&mutex));
		crew_stumble(self);
	}
}

static const enum uk_mutex_kind kinds[] = {UK_MUTEX_PLAIN, UK_MUTEX_RECURSIVE, UK_MUTEX_CHECKED};

UK_TEST_EACH(mutex_threads, exclude_each_other, enum uk_mutex_kind, kinds)
{
	struct crew crew = {.count = 0};

	uk_mutex_init(&mutex, *it);
	crew_add(&crew, THREADS, lock_and_count);
	crew_join(&crew);
	UK_CHECK_EQ(counter, THREADS * ROUNDS);
	UK_CHECK_EQ(uk_mutex_destroy(&mutex), 0);
}

static void try_and_count(struct crew_member *self)
{
	while (self->done < ROUNDS) {
		const uint32_t way = crew_random(self, 4);
		int error;

		if (way == 0)
			error = uk_mutex_try(&mutex);
		else if (way < 3)
			error = uk_mutex_lock_until(&mutex, uk_wait_in(crew_random(self, 20 * US)));
		else
			error = uk_mutex_lock(&mutex);
		CREW_CHECK(!error || (way == 0 && error == -EBUSY) || (way < 3 && error == -ETIMEDOUT));
		if (error)
			uk_thread_yield();
		if (error)
			continue;
		critical(self);
		CREW_CHECK(!uk_mutex_unlock(&mutex));
	}
}

UK_TEST(mutex_threads, deadlines_race_with_unlocks)
{
	struct crew crew = {.count = 0};

	uk_mutex_init(&mutex, UK_MUTEX_PLAIN);
	crew_add(&crew, THREADS, try_and_count);
	crew_join(&crew);
	UK_CHECK_EQ(counter, THREADS * ROUNDS);
	UK_CHECK_EQ(mutex.word & ~(uint64_t)UK_MUTEX_FLAGS, 0);
}

/* Gives the mutex up for a moment only, and lets the others run just while it holds it. */
static void hog(struct crew_member *self)
{
	const uint64_t end = uk_wait_in(10000 * MS);

	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED) && uk_plat_time_ns() < end) {
		CREW_CHECK(!uk_mutex_lock(&mutex));
		for (int i = 0; i < 4; i++)
			uk_thread_yield();
		CREW_CHECK(!uk_mutex_unlock(&mutex));
		self->done++;
	}
}

static void starve(struct crew_member *self)
{
	for (int i = 0; i < 20; i++) {
		CREW_CHECK(!uk_mutex_lock(&mutex));
		self->done++;
		CREW_CHECK(!uk_mutex_unlock(&mutex));
	}
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
}

UK_TEST(mutex_threads, nobody_starves)
{
	struct crew crew = {.count = 0};
	const uint64_t begin = uk_plat_time_ns();

	uk_mutex_init(&mutex, UK_MUTEX_PLAIN);
	crew_add(&crew, 1, hog);
	crew_add(&crew, 1, starve);
	crew_join(&crew);
	UK_CHECK_EQ(crew.members[1].done, 20);
	UK_CHECK(uk_plat_time_ns() - begin < 10000 * MS); /* else only since the hog had enough */
}

static void meddle(struct crew_member *self)
{
	CREW_CHECK(uk_mutex_unlock(&mutex) == -EPERM);
	CREW_CHECK(uk_mutex_try(&mutex) == -EBUSY);
	CREW_CHECK(!uk_mutex_held(&mutex));
	CREW_CHECK(uk_mutex_destroy(&mutex) == -EBUSY);
	CREW_CHECK(uk_mutex_lock_until(&mutex, uk_wait_in(100 * US)) == -ETIMEDOUT);
	self->done = 1;
}

UK_TEST_EACH(mutex_threads, belong_to_their_holder, enum uk_mutex_kind, kinds)
{
	struct crew crew = {.count = 0};

	uk_mutex_init(&mutex, *it);
	UK_CHECK_EQ(uk_mutex_lock(&mutex), 0);
	crew_add(&crew, 1, meddle);
	crew_join(&crew);
	UK_CHECK_EQ(crew.members[0].done, 1);
	UK_CHECK_EQ(uk_mutex_unlock(&mutex), 0);
	UK_CHECK_EQ(uk_mutex_destroy(&mutex), 0);
}

/* Each locks its own and the next one's, the lower address first. */
static struct uk_mutex forks[5];

static void dine(struct crew_member *self)
{
	const unsigned left = self->number, right = (left + 1) % UK_ARRAY_SIZE(forks);

	for (int i = 0; i < ROUNDS; i++) {
		CREW_CHECK(!uk_mutex_lock(&forks[UK_MIN(left, right)]));
		crew_stumble(self);
		CREW_CHECK(!uk_mutex_lock(&forks[UK_MAX(left, right)]));
		crew_stumble(self);
		CREW_CHECK(!uk_mutex_unlock(&forks[left]));
		CREW_CHECK(!uk_mutex_unlock(&forks[right]));
	}
}

UK_TEST(mutex_threads, several_in_order)
{
	struct crew crew = {.count = 0};

	crew_add(&crew, UK_ARRAY_SIZE(forks), dine);
	crew_join(&crew);
	for (unsigned i = 0; i < UK_ARRAY_SIZE(forks); i++)
		UK_CHECK_EQ(uk_mutex_destroy(&forks[i]), 0);
}
