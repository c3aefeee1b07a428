/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What SCHED_LOCK_DEBUG reports. */

#include <errno.h>

#include <uk/cond.h>
#include <uk/lock_debug.h>
#include <uk/mutex.h>
#include <uk/rwlock.h>
#include <uk/test.h>

#include "threads.h"

static struct uk_mutex a, b, c;
static struct uk_rwlock rw;
static struct crew crew;
static unsigned errors;

static int debug_setup(void)
{
	uk_mutex_init(&a, UK_MUTEX_PLAIN);
	uk_mutex_init(&b, UK_MUTEX_PLAIN);
	uk_mutex_init(&c, UK_MUTEX_PLAIN);
	uk_rwlock_init(&rw);
	errors = uk_lock_errors();
	return 0;
}

/* A case that ends in a deadlock leaves the boot thread's locks held, and threads that wait for them. */
static void debug_teardown(void)
{
	if (uk_mutex_held(&a))
		uk_mutex_unlock(&a);
	crew_join(&crew);
	UK_CHECK_EQ(uk_lock_report(), 0);
}

UK_TEST_FIXTURE(lock_debug, debug_setup, debug_teardown);

UK_TEST(lock_debug, what_is_held)
{
	UK_CHECK_EQ(uk_lock_report(), 0);
	uk_mutex_lock(&a);
	uk_mutex_try(&b);
	uk_rwlock_write(&rw, UK_WAIT_FOREVER);
	UK_CHECK_EQ(uk_lock_report(), 3);
	UK_CHECK_EQ(uk_mutex_lock_until(&a, 0), -ETIMEDOUT);
	UK_CHECK_EQ(uk_lock_report(), 3);
	uk_mutex_unlock(&a);
	uk_rwlock_unlock(&rw);
	UK_CHECK_EQ(uk_lock_report(), 1);
	uk_mutex_unlock(&b);
	UK_CHECK_EQ(uk_lock_errors(), errors);
}

UK_TEST(lock_debug, a_wait_for_a_condition_gives_the_mutex_back)
{
	struct uk_cond cond = UK_COND_INIT;

	uk_mutex_lock(&a);
	UK_CHECK_EQ(uk_cond_wait(&cond, &a, uk_wait_in(100 * US), 0), -ETIMEDOUT);
	UK_CHECK_EQ(uk_lock_report(), 1);
	uk_mutex_unlock(&a);
}

UK_TEST(lock_debug, wrong_unlock_and_destroy)
{
	UK_CHECK_EQ(uk_mutex_unlock(&a), -EPERM);
	UK_CHECK_EQ(uk_lock_errors(), errors + 1);
	UK_CHECK_EQ(uk_rwlock_unlock(&rw), -EPERM);
	UK_CHECK_EQ(uk_lock_errors(), errors + 2);
	uk_mutex_lock(&a);
	UK_CHECK_EQ(uk_mutex_destroy(&a), -EBUSY);
	UK_CHECK_EQ(uk_lock_errors(), errors + 3);
}

static void keep_a_lock(struct crew_member *self)
{
	uk_mutex_lock(&b);
	self->done = 1;
	uk_lock_thread_ends();
}

UK_TEST(lock_debug, held_at_the_end_of_a_thread)
{
	crew_add(&crew, 1, keep_a_lock);
	crew_join(&crew);
	UK_CHECK_EQ(uk_lock_errors(), errors + 1);
}

UK_TEST_CRASH(lock_debug, waits_for_itself, "deadlock of ")
{
	uk_mutex_lock(&a);
	uk_mutex_lock(&a);
}

/* Holds its own and waits for the one before. */
static void link(struct crew_member *self)
{
	struct uk_mutex *const chain[] = {&a, &b, &c};

	CREW_CHECK(!uk_mutex_lock(chain[self->number + 1]));
	self->done = 1;
	CREW_CHECK(!uk_mutex_lock(chain[self->number]));
	CREW_CHECK(!uk_mutex_unlock(chain[self->number]));
	CREW_CHECK(!uk_mutex_unlock(chain[self->number + 1]));
}

static bool waits(unsigned number)
{
	const struct crew_member *m = &crew.members[number];

	return __atomic_load_n(&m->done, __ATOMIC_RELAXED) &&
	       __atomic_load_n(&m->thread->state, __ATOMIC_RELAXED) == UK_THREAD_WAITING;
}

static void make_chain(unsigned length)
{
	uk_mutex_lock(&a);
	for (unsigned i = 0; i < length; i++) {
		crew_add(&crew, 1, link);
		UK_CHECK(CREW_UNTIL(waits(i)));
	}
}

UK_TEST_CRASH(lock_debug, two_wait_for_each_other, "deadlock of ")
{
	make_chain(1);
	uk_mutex_lock(&b);
}

UK_TEST_CRASH(lock_debug, three_in_a_circle, "deadlock of ")
{
	make_chain(2);
	uk_mutex_lock(&c);
}

UK_TEST(lock_debug, a_deadline_is_no_deadlock)
{
	make_chain(2);
	UK_CHECK_EQ(uk_mutex_lock_until(&c, uk_wait_in(100 * US)), -ETIMEDOUT);
}
