/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Threads on several CPUs. With one CPU the same tests run on that. */

#include <sched/thread/config.h>

#include <errno.h>

#include <uk/plat/cpu.h>
#include <uk/plat/time.h>
#include <uk/test.h>
#include <uk/thread.h>

#define MS 1000000ull
#define THREADS 16
#define ROUNDS 2000

static struct uk_thread *threads[THREADS];

static void start(unsigned n, const struct uk_thread_attr *attr, void *(*entry)(void *arg))
{
	for (uintptr_t i = 0; i < n; i++)
		UK_REQUIRE(uk_thread_create(&threads[i], attr, entry, (void *)i) == 0);
}

static void join_all(unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		UK_CHECK_EQ(uk_thread_join(threads[i], NULL, UK_WAIT_FOREVER, false), 0);
}

static uint64_t seen;

static void *note_cpu(void *arg)
{
	const uint64_t end = uk_plat_time_ns() + 10000 * MS;

	/* Nobody leaves before all CPUs were seen: those that idle must come and take a thread. */
	do {
		__atomic_fetch_or(&seen, (uint64_t)1 << uk_plat_cpu(), __ATOMIC_SEQ_CST);
		uk_thread_yield();
	} while ((unsigned)__builtin_popcountl(__atomic_load_n(&seen, __ATOMIC_SEQ_CST)) < uk_plat_cpus() &&
		 uk_plat_time_ns() < end);
	return arg;
}

UK_TEST(cpus, every_cpu_takes_part)
{
	seen = 0;
	start(THREADS, NULL, note_cpu);
	join_all(THREADS);
	UK_CHECK_EQ(__builtin_popcountl(seen), uk_plat_cpus());
}

static void *stay(void *arg)
{
	const unsigned cpu = (unsigned)(uintptr_t)arg % uk_plat_cpus();
	struct uk_thread *self = uk_thread_self();

	UK_CHECK_EQ(uk_thread_affinity_set(self, (uint64_t)1 << cpu), 0);
	for (unsigned i = 0; i < ROUNDS; i++) {
		if (uk_plat_cpu() != cpu) {
			UK_CHECK_EQ(uk_plat_cpu(), cpu);
			break;
		}
		uk_thread_yield();
	}
	return NULL;
}

UK_TEST(cpus, affinity_holds)
{
	start(THREADS, NULL, stay);
	join_all(THREADS);
}

static bool stop;

static void *spin(void *arg)
{
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED))
		uk_thread_yield();
	return arg;
}

UK_TEST(cpus, affinity_of_others_is_changed_while_they_run)
{
	stop = false;
	start(4, NULL, spin);
	for (unsigned i = 0; i < 200; i++) {
		struct uk_thread *t = threads[i % 4];
		const unsigned cpu = i / 4 % uk_plat_cpus();

		UK_CHECK_EQ(uk_thread_affinity_set(t, (uint64_t)1 << cpu), 0);
		UK_CHECK_EQ(t->cpu, cpu);
	}
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	join_all(4);
}

/* A ring of threads that hand on a token: each wake-up goes to another CPU, and none may get lost. */
static struct {
	struct uk_wait_queue queue;
	unsigned tokens, passed;
} ring[THREADS];

static void *pass_on(void *arg)
{
	const unsigned me = (unsigned)(uintptr_t)arg, next = (me + 1) % THREADS;

	for (unsigned i = 0; i < ROUNDS / 4; i++) {
		unsigned long state;

		uk_wait(&ring[me].queue, ring[me].tokens > 0, UK_WAIT_FOREVER);
		state = uk_lock_acquire_irq(&ring[me].queue.lock);
		ring[me].tokens--;
		ring[me].passed++;
		uk_lock_release_irq(&ring[me].queue.lock, state);
		state = uk_lock_acquire_irq(&ring[next].queue.lock);
		ring[next].tokens++;
		uk_wait_wake_one_locked(&ring[next].queue);
		uk_lock_release_irq(&ring[next].queue.lock, state);
	}
	return NULL;
}

UK_TEST(cpus, no_wake_up_is_lost)
{
	for (unsigned i = 0; i < THREADS; i++) {
		uk_wait_init(&ring[i].queue);
		ring[i].tokens = i < 3;
		ring[i].passed = 0;
	}
	start(THREADS, NULL, pass_on);
	join_all(THREADS);
	for (unsigned i = 0; i < THREADS; i++)
		UK_CHECK_EQ(ring[i].passed, ROUNDS / 4);
}

/* Wake-ups that race with deadlines: whatever comes first, the wait ends once, and nobody is left in the queue. */
static struct uk_wait_queue race = UK_WAIT_QUEUE_INIT(race);
static unsigned waiting;

static void *wait_briefly(void *arg)
{
	uint64_t x = (uintptr_t)arg + 1;

	for (unsigned i = 0; i < ROUNDS / 10; i++) {
		x = x * 6364136223846793005u + 1442695040888963407u;
		unsigned long state = uk_lock_acquire_irq(&race.lock);

		uk_wait_block(&race, uk_plat_time_ns() + (x >> 48));
		uk_lock_release_irq(&race.lock, state);
	}
	__atomic_fetch_sub(&waiting, 1, __ATOMIC_SEQ_CST);
	return NULL;
}

UK_TEST(cpus, wakes_race_with_deadlines)
{
	waiting = 8;
	start(8, NULL, wait_briefly);
	while (__atomic_load_n(&waiting, __ATOMIC_SEQ_CST)) {
		uk_wait_wake_one(&race);
		uk_thread_yield();
	}
	join_all(8);
	UK_CHECK(uk_list_empty(&race.waiters));
}

static void *make_and_join(void *arg)
{
	struct uk_thread *t;
	void *result = NULL;

	for (uintptr_t i = 1; i <= ROUNDS / 20; i++) {
		const struct uk_thread_attr attr = {.stack_size = 8192, .detached = i % 3 == 0};

		if (uk_thread_create(&t, &attr, arg ? note_cpu : spin, (void *)i)) {
			UK_CHECK(!"created");
			break;
		}
		if (!attr.detached)
			UK_CHECK_EQ(uk_thread_join(t, &result, UK_WAIT_FOREVER, false), 0);
	}
	return NULL;
}

UK_TEST(cpus, threads_make_threads)
{
	const unsigned before = uk_thread_count();

	stop = true;
	seen = UINT64_MAX;
	start(8, NULL, make_and_join);
	join_all(8);
	while (uk_thread_count() > before)
		uk_thread_yield();
}

static unsigned worked;

static void count_work(void)
{
	__atomic_fetch_add(&worked, 1, __ATOMIC_SEQ_CST);
}

UK_TEST(cpus, work_is_done_by_threads_that_run_elsewhere)
{
	stop = false;
	worked = 0;
	start(4, NULL, spin);
	for (unsigned i = 1; i <= 100; i++) {
		uk_thread_post(threads[i % 4], count_work);
		while (__atomic_load_n(&worked, __ATOMIC_SEQ_CST) < i)
			uk_thread_yield();
	}
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	join_all(4);
	UK_CHECK_EQ(worked, 100);
}

static uint64_t last_time;

static void *read_clock(void *arg)
{
	for (unsigned i = 0; i < ROUNDS * 5; i++) {
		const uint64_t before = __atomic_load_n(&last_time, __ATOMIC_SEQ_CST), now = uk_plat_time_ns();
		uint64_t expected = before;

		if (now < before) {
			UK_CHECK(!"the clock went back");
			break;
		}
		__atomic_compare_exchange_n(&last_time, &expected, now, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	}
	return arg;
}

UK_TEST(cpus, one_clock_for_all_cpus)
{
	last_time = 0;
	start(4, NULL, read_clock);
	join_all(4);
}
