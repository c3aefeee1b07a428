/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The test framework in threads that a case has made. */
#include <uk/assert.h>
#include <uk/plat/cpu.h>
#include <uk/test.h>
#include <uk/thread.h>

#define THREADS 4

static struct uk_thread *threads[THREADS];
static unsigned reached, survived;

static unsigned waiting; /* threads that have not begun */

/* Let all begin at the same time. */
static void meet(void)
{
	__atomic_fetch_sub(&waiting, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&waiting, __ATOMIC_SEQ_CST))
		uk_thread_yield();
}

static void run(void *(*entry)(void *arg))
{
	waiting = THREADS;
	for (uintptr_t i = 0; i < THREADS; i++) {
		struct uk_thread_attr attr = {.name = "tested", .affinity = (uint64_t)1 << i % uk_plat_cpus()};

		UK_REQUIRE(uk_thread_create(&threads[i], &attr, entry, (void *)i) == 0);
	}
	for (unsigned i = 0; i < THREADS; i++)
		UK_CHECK_EQ(uk_thread_join(threads[i], NULL, UK_WAIT_FOREVER, false), 0);
}

static void *check_often(void *arg)
{
	meet();
	for (unsigned i = 0; i < 1000; i++)
		UK_CHECK((uintptr_t)arg < THREADS);
	__atomic_fetch_add(&reached, 1, __ATOMIC_RELAXED);
	return NULL;
}

UK_TEST(test_smp, checks_in_all_threads)
{
	reached = 0;
	run(check_often);
	UK_CHECK_EQ(reached, THREADS);
}

static void panic(void *arg)
{
	__atomic_fetch_add(&reached, 1, __ATOMIC_RELAXED);
	UK_BUG("deliberate, in a thread (%p)", arg);
}

static void *panic_guarded(void *arg)
{
	meet();
	if (!uk_test_guard(panic, arg))
		__atomic_fetch_add(&survived, 1, __ATOMIC_RELAXED);
	return NULL;
}

/* All panic at the same time; each leaves its guard and goes on. */
UK_TEST_CRASH(test_smp, panics_end_their_guards, "deliberate, in a thread")
{
	reached = survived = 0;
	run(panic_guarded);
	UK_CHECK_EQ(reached, THREADS);
	UK_CHECK_EQ(survived, THREADS);
}

static void *panic_bare(void *arg)
{
	meet();
	panic(arg);
	return NULL;
}

/* Without a guard the thread ends, and can be joined. */
UK_TEST_CRASH(test_smp, panics_end_their_threads, "deliberate, in a thread")
{
	reached = 0;
	run(panic_bare);
	UK_CHECK_EQ(reached, THREADS);
}
