/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Real threads with reservations; skipped where another policy is in use. */

#include <errno.h>
#include <string.h>

#include <uk/edf.h>
#include <uk/test.h>
#include <uk/thread.h>

#define MS 1000000ull

static const struct uk_sched_params fifth = {.runtime = 2 * MS, .period = 10 * MS};
static bool stop;
static uint64_t made; /* before the periodic thread was: its first period began later */

static int setup(void)
{
	if (strcmp(uk_sched_current()->name, "edf"))
		UK_SKIP("another policy is in use");
	stop = false;
	return 0;
}
UK_TEST_FIXTURE(edf_threads, setup, NULL);

static void *spin(void *arg)
{
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED))
		;
	return arg;
}

/* Wait for 20 periods. Returns how many began too early. */
static void *periodic(void *arg)
{
	uintptr_t early = 0;

	for (uint64_t n = 1; n <= 20; n++) {
		if (uk_thread_next_period())
			early += 100;
		if (uk_plat_time_ns() < made + n * 10 * MS)
			early++;
	}
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	return arg ? (void *)early : NULL;
}

static struct uk_thread *start(const struct uk_sched_params *params, void *(*entry)(void *arg))
{
	const struct uk_thread_attr attr = {.name = "edf", .params = *params, .affinity = 1};
	struct uk_thread *t;

	UK_REQUIRE(!uk_thread_create(&t, &attr, entry, &stop));
	return t;
}

/* A reservation gets its periods though others never give way: this ends only if it does. */
UK_TEST(edf_threads, periods_beside_spinning_threads)
{
	static const struct uk_sched_params ordinary;
	struct uk_thread *t[4];
	void *early = NULL;

	t[0] = start(&ordinary, spin);
	t[1] = start(&fifth, spin); /* overruns */
	made = uk_plat_time_ns();
	t[2] = start(&fifth, periodic);
	t[3] = start(&ordinary, spin);
	UK_CHECK_EQ(uk_thread_join(t[2], &early, UK_WAIT_FOREVER, false), 0);
	UK_CHECK_EQ((uintptr_t)early, 0);
	UK_CHECK_EQ(uk_thread_join(t[0], NULL, UK_WAIT_FOREVER, false), 0);
	UK_CHECK_EQ(uk_thread_join(t[1], NULL, UK_WAIT_FOREVER, false), 0);
	UK_CHECK_EQ(uk_thread_join(t[3], NULL, UK_WAIT_FOREVER, false), 0);
}

/* Runs for a while, then ends it for all. */
static void *run_then_stop(void *arg)
{
	const uint64_t begin = uk_plat_time_ns();

	while (uk_plat_time_ns() < begin + 500 * MS)
		;
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	return arg;
}

/* Two that overrun, so that one of them gets a new budget while the other one runs and goes on: its slice must still be
 * watched, or the last thread here never runs. Nothing else wakes meanwhile. */
UK_TEST(edf_threads, overruns_are_held)
{
	static const struct uk_sched_params ordinary;
	const struct uk_sched_params soon = {.runtime = 6 * MS, .period = 10 * MS};
	const struct uk_sched_params late = {.runtime = 5 * MS, .period = 45 * MS};
	struct uk_thread *t[3];

	t[0] = start(&soon, spin);
	t[1] = start(&late, spin);
	t[2] = start(&ordinary, run_then_stop);
	for (int i = 0; i < 3; i++)
		UK_CHECK_EQ(uk_thread_join(t[i], NULL, UK_WAIT_FOREVER, false), 0);
}

/* What threads reserved is free again when they have ended, and what is too much is refused. */
UK_TEST(edf_threads, admission)
{
	const struct uk_thread_attr much = {.params = {.runtime = 99 * MS, .period = 100 * MS}};
	const struct uk_thread_attr nonsense = {.params = {.runtime = 3 * MS, .period = 2 * MS}};
	static const struct uk_sched_params ordinary;
	const struct uk_sched_params most = {.runtime = 90 * MS, .period = 100 * MS};
	struct uk_thread *t;

	stop = true;
	UK_CHECK_EQ(uk_thread_create(&t, &much, spin, NULL), -EBUSY);
	UK_CHECK_EQ(uk_thread_create(&t, &nonsense, spin, NULL), -EINVAL);
	for (int i = 0; i < 50; i++) {
		t = start(&most, spin);
		UK_CHECK_EQ(uk_thread_join(t, NULL, UK_WAIT_FOREVER, false), 0);
	}
	for (int i = 0; i < 50; i++) {
		UK_CHECK_EQ(uk_thread_params_set(uk_thread_self(), &most), 0);
		UK_CHECK_EQ(uk_thread_params_set(uk_thread_self(), &much.params), -EBUSY);
		uk_thread_yield();
		UK_CHECK_EQ(uk_thread_params_set(uk_thread_self(), &ordinary), 0);
	}
	UK_CHECK_EQ(uk_thread_next_period(), -ENOTSUP);
}
