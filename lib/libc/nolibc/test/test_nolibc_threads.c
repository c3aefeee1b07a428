/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Streams and errno in several threads. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include <uk/test.h>
#include <uk/thread.h>

#include "../file.h"

#define THREADS 4
#define ROUNDS 2000

static struct uk_thread *threads[THREADS];
static unsigned shared;

static void run(void *(*entry)(void *arg))
{
	for (uintptr_t i = 0; i < THREADS; i++)
		UK_REQUIRE(uk_thread_create(&threads[i], NULL, entry, (void *)i) == 0);
	for (unsigned i = 0; i < THREADS; i++)
		UK_CHECK_EQ(uk_thread_join(threads[i], NULL, UK_WAIT_FOREVER, false), 0);
}

/* The holder keeps others out though it lets them run. */
static void *count(void *arg)
{
	for (unsigned i = 0; i < ROUNDS; i++) {
		unsigned seen;

		uk_nolibc_lock(stdin);
		seen = __atomic_load_n(&shared, __ATOMIC_RELAXED);
		if (i % 8 == 0)
			uk_thread_yield();
		__atomic_store_n(&shared, seen + 1, __ATOMIC_RELAXED);
		uk_nolibc_unlock(stdin);
	}
	return arg;
}

UK_TEST(nolibc_threads, a_stream_has_one_user)
{
	shared = 0;
	run(count);
	UK_CHECK_EQ(shared, THREADS * ROUNDS);
}

static void *fail(void *arg)
{
	for (unsigned i = 0; i < ROUNDS; i++) {
		errno = (int)(uintptr_t)arg;
		if (i % 8 == 0)
			uk_thread_yield();
		UK_REQUIRE(errno == (int)(uintptr_t)arg);
	}
	return arg;
}

UK_TEST(nolibc_threads, errno_is_the_threads_own)
{
	errno = EDOM;
	run(fail);
	UK_CHECK_EQ(errno, EDOM);
}

/* Puts is two pieces; that they stay together shows on the console only. */
static void *print_lines(void *arg)
{
	for (unsigned i = 0; i < 20; i++)
		UK_REQUIRE(puts("# one line of several threads, printed whole") >= 0);
	return arg;
}

UK_TEST(nolibc_threads, lines_are_whole)
{
	run(print_lines);
	UK_CHECK(!ferror(stdout));
}
