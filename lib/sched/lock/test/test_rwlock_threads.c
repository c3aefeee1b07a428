/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Read-write locks and barriers of several threads. */

#include <errno.h>
#include <string.h>

#include <uk/barrier.h>
#include <uk/rwlock.h>
#include <uk/plat/boot.h>
#include <uk/test.h>

#include "threads.h"

#define THREADS 6
#define ROUNDS 3000

static struct uk_rwlock lock, other;
static unsigned readers, writers, counter, finished;
static bool stop;

static int rwlock_setup(void)
{
	/* How many locks a thread reads is thread-local, and there all threads share the C library's block. */
	if (!strcmp(uk_plat_name(), "host"))
		UK_SKIP("thread-local storage is the build machine's C library's here");
	uk_rwlock_init(&lock);
	uk_rwlock_init(&other);
	readers = writers = counter = finished = 0;
	stop = false;
	return 0;
}

UK_TEST_FIXTURE(rwlock_threads, rwlock_setup, NULL);

static void read_it(struct crew_member *self)
{
	__atomic_fetch_add(&readers, 1, __ATOMIC_RELAXED);
	crew_stumble(self);
	CREW_CHECK(__atomic_load_n(&writers, __ATOMIC_RELAXED) == 0);
	__atomic_fetch_sub(&readers, 1, __ATOMIC_RELAXED);
}

static void write_it(struct crew_member *self)
{
	const unsigned before = counter;

	CREW_CHECK(__atomic_fetch_add(&writers, 1, __ATOMIC_RELAXED) == 0);
	crew_stumble(self);
	CREW_CHECK(__atomic_load_n(&readers, __ATOMIC_RELAXED) == 0);
	counter = before + 1;
	__atomic_fetch_sub(&writers, 1, __ATOMIC_RELAXED);
	self->done++;
}

/* By hook or by crook: 0 if it has been locked. */
static int lock_for(struct crew_member *self, bool writing)
{
	const uint64_t deadline = crew_random(self, 2) ? UK_WAIT_FOREVER : uk_wait_in(crew_random(self, 20 * US));
	const bool try = !crew_random(self, 4);
	int error;

	if (try)
		error = writing ? uk_rwlock_try_write(&lock) : uk_rwlock_try_read(&lock);
	else
		error = writing ? uk_rwlock_write(&lock, deadline) : uk_rwlock_read(&lock, deadline);
	CREW_CHECK(!error || (try ? error == -EBUSY : error == -ETIMEDOUT && deadline != UK_WAIT_FOREVER));
	return error;
}

static void use(struct crew_member *self)
{
	for (unsigned i = 0; i < ROUNDS; i++) {
		const bool writing = !crew_random(self, 3);

		crew_stumble(self);
		if (lock_for(self, writing))
			continue;
		if (writing)
			write_it(self);
		else
			read_it(self);
		CREW_CHECK(!uk_rwlock_unlock(&lock));
	}
	CREW_CHECK(uk_rwlock_reading == 0);
}

UK_TEST(rwlock_threads, readers_or_one_writer)
{
	struct crew crew = {.count = 0};
	unsigned sum = 0;

	crew_add(&crew, THREADS, use);
	crew_join(&crew);
	for (unsigned i = 0; i < THREADS; i++)
		sum += crew.members[i].done;
	UK_CHECK(sum > 0);
	UK_CHECK_EQ(counter, sum);
	UK_CHECK_EQ(lock.word, 0);
	UK_CHECK_EQ(uk_rwlock_destroy(&lock), 0);
}

/* Keep it locked for reading without a gap, by turns. */
static void read_on(struct crew_member *self)
{
	const uint64_t end = uk_wait_in(10000 * MS);

	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED) && uk_plat_time_ns() < end) {
		CREW_CHECK(!uk_rwlock_read(&lock, UK_WAIT_FOREVER));
		for (int i = 0; i < 5; i++)
			uk_thread_yield();
		CREW_CHECK(!uk_rwlock_unlock(&lock));
		self->done++;
	}
	__atomic_fetch_add(&finished, 1, __ATOMIC_RELAXED);
}

static void write_some(struct crew_member *self)
{
	for (int i = 0; i < 20; i++) {
		CREW_CHECK(!uk_rwlock_write(&lock, UK_WAIT_FOREVER));
		write_it(self);
		CREW_CHECK(!uk_rwlock_unlock(&lock));
	}
	CREW_CHECK(__atomic_load_n(&finished, __ATOMIC_RELAXED) == 0);
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
}

UK_TEST(rwlock_threads, writers_do_not_starve)
{
	struct crew crew = {.count = 0};

	crew_add(&crew, THREADS, read_on);
	crew_add(&crew, 1, write_some);
	crew_join(&crew);
	UK_CHECK_EQ(counter, 20);
}

static void write_on(struct crew_member *self)
{
	const uint64_t end = uk_wait_in(10000 * MS);

	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED) && uk_plat_time_ns() < end) {
		CREW_CHECK(!uk_rwlock_write(&lock, UK_WAIT_FOREVER));
		for (int i = 0; i < 5; i++)
			uk_thread_yield();
		CREW_CHECK(!uk_rwlock_unlock(&lock));
		self->done++;
	}
	__atomic_fetch_add(&finished, 1, __ATOMIC_RELAXED);
}

static void read_some(struct crew_member *self)
{
	for (int i = 0; i < 20; i++) {
		CREW_CHECK(!uk_rwlock_read(&lock, UK_WAIT_FOREVER));
		self->done++;
		CREW_CHECK(!uk_rwlock_unlock(&lock));
	}
	CREW_CHECK(__atomic_load_n(&finished, __ATOMIC_RELAXED) == 0);
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
}

UK_TEST(rwlock_threads, readers_do_not_starve)
{
	struct crew crew = {.count = 0};

	crew_add(&crew, 3, write_on);
	crew_add(&crew, 1, read_some);
	crew_join(&crew);
	UK_CHECK_EQ(crew.members[3].done, 20);
}

static unsigned writing_next(void)
{
	return __atomic_load_n(&lock.writing_next, __ATOMIC_RELAXED);
}

static void write_once(struct crew_member *self)
{
	CREW_CHECK(!uk_rwlock_write(&lock, UK_WAIT_FOREVER));
	write_it(self);
	CREW_CHECK(!uk_rwlock_unlock(&lock));
}

static void read_behind(struct crew_member *self)
{
	CREW_CHECK(uk_rwlock_try_read(&lock) == -EBUSY);
	CREW_CHECK(uk_rwlock_read(&lock, uk_wait_in(100 * US)) == -ETIMEDOUT);
	CREW_CHECK(uk_rwlock_unlock(&other) == -EPERM);
	self->done = 1;
}

UK_TEST(rwlock_threads, nested_readers_pass_a_writer)
{
	struct crew crew = {.count = 0};

	UK_CHECK_EQ(uk_rwlock_read(&lock, UK_WAIT_FOREVER), 0);
	crew_add(&crew, 1, write_once);
	UK_CHECK(CREW_UNTIL(writing_next() == 1));
	UK_CHECK_EQ(uk_rwlock_read(&lock, UK_WAIT_FOREVER), 0);
	UK_CHECK_EQ(uk_rwlock_try_read(&lock), 0);
	crew_add(&crew, 1, read_behind);
	UK_CHECK(CREW_UNTIL(__atomic_load_n(&crew.members[1].done, __ATOMIC_RELAXED) == 1));
	for (int i = 0; i < 3; i++) {
		UK_CHECK_EQ(counter, 0);
		UK_CHECK_EQ(uk_rwlock_unlock(&lock), 0);
	}
	crew_join(&crew);
	UK_CHECK_EQ(counter, 1);
	UK_CHECK_EQ(lock.word, 0);
}

static void write_impatiently(struct crew_member *self)
{
	CREW_CHECK(uk_rwlock_write(&lock, uk_wait_in(MS)) == -ETIMEDOUT);
	self->done = 1;
}

static void read_at_last(struct crew_member *self)
{
	CREW_CHECK(!uk_rwlock_read(&lock, UK_WAIT_FOREVER));
	self->done = 1;
	CREW_CHECK(!uk_rwlock_unlock(&lock));
}

UK_TEST(rwlock_threads, a_writer_that_gives_up_lets_readers_in)
{
	struct crew crew = {.count = 0};

	UK_CHECK_EQ(uk_rwlock_read(&lock, UK_WAIT_FOREVER), 0);
	crew_add(&crew, 1, write_impatiently);
	UK_CHECK(CREW_UNTIL(writing_next() || crew.members[0].done));
	crew_add(&crew, 2, read_at_last);
	crew_join(&crew);
	UK_CHECK_EQ(uk_rwlock_unlock(&lock), 0);
	UK_CHECK_EQ(lock.word, 0);
}

static struct uk_barrier barrier;
static unsigned progress[THREADS], lasts;

static void march(struct crew_member *self)
{
	for (unsigned round = 1; round <= ROUNDS; round++) {
		int result;

		crew_stumble(self);
		__atomic_store_n(&progress[self->number], round, __ATOMIC_RELAXED);
		result = uk_barrier_wait(&barrier, UK_WAIT_FOREVER);
		CREW_CHECK(result == 0 || result == UK_BARRIER_LAST);
		for (unsigned i = 0; i < THREADS; i++) {
			const unsigned p = __atomic_load_n(&progress[i], __ATOMIC_RELAXED);

			CREW_CHECK(p == round || p == round + 1);
		}
		__atomic_fetch_add(&lasts, result == UK_BARRIER_LAST, __ATOMIC_RELAXED);
	}
}

UK_TEST(barrier_threads, nobody_runs_ahead)
{
	struct crew crew = {.count = 0};

	lasts = 0;
	UK_CHECK_EQ(uk_barrier_init(&barrier, THREADS), 0);
	memset(progress, 0, sizeof(progress));
	crew_add(&crew, THREADS, march);
	crew_join(&crew);
	UK_CHECK_EQ(lasts, ROUNDS);
	UK_CHECK_EQ(uk_barrier_destroy(&barrier), 0);
}

static void arrive(struct crew_member *self)
{
	self->done = uk_barrier_wait(&barrier, UK_WAIT_FOREVER) >= 0;
}

UK_TEST(barrier_threads, memory_is_free_after_destroy)
{
	struct crew crew = {.count = 0};

	for (int i = 0; i < 50; i++) {
		UK_CHECK_EQ(uk_barrier_init(&barrier, THREADS), 0);
		crew_add(&crew, THREADS - 1, arrive);
		UK_CHECK(CREW_UNTIL(__atomic_load_n(&barrier.arrived, __ATOMIC_RELAXED) == THREADS - 1));
		UK_CHECK_EQ(uk_barrier_destroy(&barrier), -EBUSY);
		UK_CHECK_EQ(uk_barrier_wait(&barrier, UK_WAIT_FOREVER), UK_BARRIER_LAST);
		UK_CHECK_EQ(uk_barrier_destroy(&barrier), 0);
		memset(&barrier, 0xa5, sizeof(barrier));
		crew_join(&crew);
		UK_CHECK_EQ(barrier.inside, 0xa5a5a5a5);
	}
}

static void arrive_impatiently(struct crew_member *self)
{
	while (!self->done) {
		const int result = uk_barrier_wait(&barrier, uk_wait_in(crew_random(self, 50 * US)));

		CREW_CHECK(result == -ETIMEDOUT || result == 0 || result == UK_BARRIER_LAST);
		self->done = result >= 0;
		__atomic_fetch_add(&lasts, result == UK_BARRIER_LAST, __ATOMIC_RELAXED);
	}
}

UK_TEST(barrier_threads, who_gives_up_has_not_arrived)
{
	struct crew crew = {.count = 0};

	for (unsigned i = 1; i <= 100; i++) {
		lasts = 0;
		UK_CHECK_EQ(uk_barrier_init(&barrier, 3), 0);
		crew_add(&crew, 3, arrive_impatiently);
		crew_join(&crew);
		UK_CHECK_EQ(lasts, 1);
		UK_CHECK_EQ(barrier.arrived, 0);
	}
}
