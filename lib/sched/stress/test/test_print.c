/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The console's lock in several threads. That lines are whole can only be seen from outside: the last case prints some.
 */
#include <uk/plat/cpu.h>
#include <uk/print.h>
#include <uk/test.h>
#include <uk/thread.h>

#define THREADS 4
#define ROUNDS 100000

static struct uk_thread *threads[THREADS];
static unsigned shared;

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
		struct uk_thread_attr attr = {.name = "printer", .affinity = (uint64_t)1 << i % uk_plat_cpus()};

		UK_REQUIRE(uk_thread_create(&threads[i], &attr, entry, (void *)i) == 0);
	}
	for (unsigned i = 0; i < THREADS; i++)
		UK_CHECK_EQ(uk_thread_join(threads[i], NULL, UK_WAIT_FOREVER, false), 0);
}

/* Two steps that another thread must not get between. */
static void *count(void *arg)
{
	meet();
	for (unsigned i = 0; i < ROUNDS; i++) {
		unsigned long outer = uk_print_begin(), inner = uk_print_begin();
		unsigned seen = __atomic_load_n(&shared, __ATOMIC_RELAXED);

		uk_print_end(inner);
		for (unsigned pause = 0; pause < 20; pause++)
			__asm__ volatile("" : : : "memory");
		__atomic_store_n(&shared, seen + 1, __ATOMIC_RELAXED);
		uk_print_end(outer);
	}
	return arg;
}

UK_TEST(print_smp, begin_keeps_others_out)
{
	shared = 0;
	run(count);
	UK_CHECK_EQ(shared, THREADS * ROUNDS);
}

/* Longer than the formatter's buffer, so that a line takes several writes. */
static void *print_lines(void *arg)
{
	unsigned self = (unsigned)(uintptr_t)arg;

	meet();
	for (unsigned i = 0; i < 10; i++)
		uk_printf("# printer %u line %u %0400u end\n", self, i, self);
	return NULL;
}

UK_TEST(print_smp, lines_are_whole)
{
	run(print_lines);
}
