/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What one thread alone sees of the other locks; holds with and without a scheduler. */

#include <errno.h>

#include <uk/barrier.h>
#include <uk/completion.h>
#include <uk/futex.h>
#include <uk/once.h>
#include <uk/rwlock.h>
#include <uk/test.h>

#define SOON_NS 200000

UK_TEST(rwlock, one_reader)
{
	struct uk_rwlock l = UK_RWLOCK_INIT;
	const uint64_t deadline = uk_wait_in(SOON_NS);

	UK_CHECK_EQ(uk_rwlock_unlock(&l), -EPERM);
	UK_CHECK_EQ(uk_rwlock_read(&l, UK_WAIT_FOREVER), 0);
	UK_CHECK_EQ(uk_rwlock_try_read(&l), 0);
	UK_CHECK_EQ(uk_rwlock_read(&l, 0), 0); /* can be had: the deadline does not matter */
	UK_CHECK_EQ(uk_rwlock_try_write(&l), -EBUSY);
	UK_CHECK_EQ(uk_rwlock_write(&l, deadline), -ETIMEDOUT);
	UK_CHECK(uk_plat_time_ns() >= deadline);
	UK_CHECK_EQ(uk_rwlock_destroy(&l), -EBUSY);
	for (int i = 0; i < 3; i++)
		UK_CHECK_EQ(uk_rwlock_unlock(&l), 0);
	UK_CHECK_EQ(uk_rwlock_unlock(&l), -EPERM);
	UK_CHECK_EQ(uk_rwlock_reading, 0);
	UK_CHECK_EQ(l.word, 0);
	UK_CHECK_EQ(uk_rwlock_destroy(&l), 0);
}

UK_TEST(rwlock, one_writer)
{
	struct uk_rwlock l;

	uk_rwlock_init(&l);
	UK_CHECK_EQ(uk_rwlock_write(&l, 0), 0);
	UK_CHECK_EQ(uk_rwlock_write(&l, UK_WAIT_FOREVER), -EDEADLK);
	UK_CHECK_EQ(uk_rwlock_read(&l, UK_WAIT_FOREVER), -EDEADLK);
	UK_CHECK_EQ(uk_rwlock_try_write(&l), -EBUSY);
	UK_CHECK_EQ(uk_rwlock_try_read(&l), -EBUSY);
	UK_CHECK_EQ(uk_rwlock_destroy(&l), -EBUSY);
	UK_CHECK_EQ(uk_rwlock_unlock(&l), 0);
	UK_CHECK_EQ(uk_rwlock_unlock(&l), -EPERM);
	UK_CHECK_EQ(uk_rwlock_try_write(&l), 0);
	UK_CHECK_EQ(uk_rwlock_unlock(&l), 0);
	UK_CHECK_EQ(l.word, 0);
	UK_CHECK_EQ(uk_rwlock_destroy(&l), 0);
}

UK_TEST(rwlock, readers_have_a_limit)
{
	struct uk_rwlock l = {.word = UK_RWLOCK_READERS_MAX};

	UK_CHECK_EQ(uk_rwlock_read(&l, UK_WAIT_FOREVER), -EAGAIN);
	UK_CHECK_EQ(uk_rwlock_try_read(&l), -EAGAIN);
	UK_CHECK_EQ(uk_rwlock_unlock(&l), 0);
	UK_CHECK_EQ(uk_rwlock_read(&l, UK_WAIT_FOREVER), 0);
	UK_CHECK_EQ(uk_rwlock_unlock(&l), 0);
	UK_CHECK_EQ(l.word, UK_RWLOCK_READERS_MAX - 1);
}

UK_TEST(barrier, one)
{
	struct uk_barrier b;
	const uint64_t deadline = uk_wait_in(SOON_NS);

	UK_CHECK_EQ(uk_barrier_init(&b, 0), -EINVAL);
	UK_CHECK_EQ(uk_barrier_init(&b, 1), 0);
	UK_CHECK_EQ(uk_barrier_wait(&b, UK_WAIT_FOREVER), UK_BARRIER_LAST);
	UK_CHECK_EQ(uk_barrier_wait(&b, 0), UK_BARRIER_LAST);
	UK_CHECK_EQ(uk_barrier_destroy(&b), 0);
	UK_CHECK_EQ(uk_barrier_init(&b, 2), 0);
	UK_CHECK_EQ(uk_barrier_wait(&b, deadline), -ETIMEDOUT);
	UK_CHECK(uk_plat_time_ns() >= deadline);
	UK_CHECK_EQ(b.arrived, 0);
	UK_CHECK_EQ(uk_barrier_destroy(&b), 0);
}

static int runs;

static void run(void)
{
	runs++;
}

UK_TEST(once, runs_once)
{
	static struct uk_once once = UK_ONCE_INIT;

	runs = 0;
	once = (struct uk_once)UK_ONCE_INIT;
	UK_CHECK(uk_once_begin(&once));
	uk_once_end(&once, false); /* it failed: still to be done */
	uk_once_run(&once, run);
	uk_once_run(&once, run);
	UK_CHECK_EQ(runs, 1);
	UK_CHECK(!uk_once_begin(&once));
}

UK_TEST(completion, one_each_or_all)
{
	struct uk_completion c = UK_COMPLETION_INIT;
	const uint64_t deadline = uk_wait_in(SOON_NS);

	UK_CHECK(!uk_completion_is_done(&c));
	UK_CHECK_EQ(uk_completion_wait(&c, 0), -ETIMEDOUT);
	UK_CHECK_EQ(uk_completion_wait(&c, deadline), -ETIMEDOUT);
	UK_CHECK(uk_plat_time_ns() >= deadline);
	uk_completion_done(&c);
	uk_completion_done(&c);
	UK_CHECK_EQ(uk_completion_wait(&c, UK_WAIT_FOREVER), 0);
	UK_CHECK_EQ(uk_completion_wait(&c, UK_WAIT_FOREVER), 0);
	UK_CHECK_EQ(uk_completion_wait(&c, 0), -ETIMEDOUT);
	uk_completion_done_all(&c);
	uk_completion_done(&c);
	for (int i = 0; i < 3; i++)
		UK_CHECK_EQ(uk_completion_wait(&c, 0), 0);
	UK_CHECK(uk_completion_is_done(&c));
}

UK_TEST(futex, nobody_wakes)
{
	const uint32_t word = 5, other = 0;
	const uint64_t deadline = uk_wait_in(SOON_NS);

	UK_CHECK_EQ(uk_futex_wait(&word, 4, UK_WAIT_FOREVER), -EAGAIN);
	UK_CHECK_EQ(uk_futex_wait_interruptible(&word, 6, UK_WAIT_FOREVER), -EAGAIN);
	UK_CHECK_EQ(uk_futex_wait(&word, 5, 0), -ETIMEDOUT);
	UK_CHECK_EQ(uk_futex_wait(&word, 5, deadline), -ETIMEDOUT);
	UK_CHECK(uk_plat_time_ns() >= deadline);
	UK_CHECK_EQ(uk_futex_wake(&word, 1), 0);
	UK_CHECK_EQ(uk_futex_requeue(&word, 4, 1, &other, 1), -EAGAIN);
	UK_CHECK_EQ(uk_futex_requeue(&word, 5, 1, &other, 1), 0);
	UK_CHECK_EQ(uk_futex_requeue(&word, 5, 1, &word, 1), 0);
}
