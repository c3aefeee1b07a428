/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Interrupts and what they call. The hooks are defined here for images without a scheduler, which brings its own:
 * then there is nothing to see, and these tests are skipped. */

#include <stdbool.h>
#include <stdint.h>

#include <uk/arch/cpu.h>
#include <uk/base.h>
#include <uk/plat/cpu.h>
#include <uk/plat/time.h>
#include <uk/test.h>

#include "../cpu.h"
#include "../interrupt.h"
#include "../syscall.h"

#define MS 1000000ull

static volatile unsigned timers, kicks, attentions, preempts, asked, unmasked_hooks;
static volatile uint64_t fired_at, period;
static volatile bool want;

static void note(volatile unsigned *counter)
{
	(*counter)++;
	unmasked_hooks += uk_linux_mask() == 0;
}

UK_WEAK void uk_cpu_timer(void)
{
	note(&timers);
	fired_at = uk_plat_time_ns();
	if (period)
		uk_plat_timer(fired_at + period);
}

UK_WEAK void uk_cpu_kicked(void)
{
	note(&kicks);
}

UK_WEAK void uk_cpu_attention(void)
{
	note(&attentions);
}

UK_WEAK _Bool uk_cpu_preempt_wanted(void)
{
	note(&asked);
	return want;
}

UK_WEAK void uk_cpu_preempt(void)
{
	note(&preempts);
	want = false;
}

static void set_timer(uint64_t deadline)
{
	unsigned long state = uk_plat_irq_save();

	uk_plat_timer(deadline);
	uk_plat_irq_restore(state);
}

static int setup(void)
{
	timers = kicks = attentions = preempts = asked = unmasked_hooks = 0;
	want = false;
	period = 0;
	set_timer(UINT64_MAX);
	return 0;
}

UK_TEST_FIXTURE(interrupt, setup, NULL);

/* Whether the hooks are those of this file: a kick is counted at once. */
static void require_own_hooks(void)
{
	unsigned long state = uk_plat_irq_save();

	uk_plat_cpu_kick(uk_plat_cpu());
	uk_plat_idle(0);
	uk_plat_irq_restore(state);
	if (!kicks)
		UK_SKIP("a scheduler has these interrupts");
	kicks = 0;
}

static void unmasked(void (*f)(void))
{
	unsigned long state = uk_plat_irq_save();

	uk_plat_irq_enable();
	f();
	uk_plat_irq_save();
	UK_CHECK_EQ(unmasked_hooks, 0);
	uk_plat_irq_restore(state);
}

static void busy_timer(void)
{
	uint64_t deadline = uk_plat_time_ns() + 3 * MS;

	set_timer(deadline);
	while (!timers && uk_plat_time_ns() < deadline + 1000 * MS)
		;
	UK_CHECK_EQ(timers, 1);
	UK_CHECK(fired_at >= deadline);
}

UK_TEST(interrupt, timer_fires_while_busy)
{
	require_own_hooks();
	unmasked(busy_timer);
}

static void replaced_timer(void)
{
	uint64_t start = uk_plat_time_ns();

	set_timer(start + MS);
	set_timer(start + 4 * MS);
	while (!timers && uk_plat_time_ns() < start + 1000 * MS)
		;
	UK_CHECK(fired_at >= start + 4 * MS);
	set_timer(start + 1000 * MS);
	set_timer(0);
	UK_CHECK_EQ(timers, 2);
	set_timer(uk_plat_time_ns() + MS);
	set_timer(UINT64_MAX);
	while (uk_plat_time_ns() < fired_at + 4 * MS)
		;
	UK_CHECK_EQ(timers, 2);
}

UK_TEST(interrupt, timer_can_be_set_anew)
{
	require_own_hooks();
	unmasked(replaced_timer);
}

UK_TEST(interrupt, timer_waits_while_masked)
{
	unsigned long state;

	require_own_hooks();
	state = uk_plat_irq_save();
	uk_plat_timer(uk_plat_time_ns() + MS);
	for (uint64_t end = uk_plat_time_ns() + 3 * MS; uk_plat_time_ns() < end;)
		;
	UK_CHECK_EQ(timers, 0);
	want = true;
	uk_plat_irq_enable();
	UK_CHECK_EQ(timers, 1);
	UK_CHECK_EQ(preempts, 1);
	uk_plat_irq_save();
	UK_CHECK_EQ(unmasked_hooks, 0);
	uk_plat_irq_restore(state);
}

UK_TEST(interrupt, timer_ends_idle)
{
	unsigned long state;
	uint64_t deadline;

	require_own_hooks();
	state = uk_plat_irq_save();
	deadline = uk_plat_time_ns() + 2 * MS;
	uk_plat_timer(deadline);
	while (!timers && uk_plat_time_ns() < deadline + 1000 * MS)
		uk_plat_idle(UINT64_MAX);
	uk_plat_irq_restore(state);
	UK_CHECK_EQ(timers, 1);
	UK_CHECK_EQ(preempts, 0);
	UK_CHECK(fired_at >= deadline);
}

/* Work whose result shows every register that an interruption has changed. */
static uint64_t __attribute__((noinline)) hash(uint64_t x, unsigned n)
{
	uint64_t a = x, b = x ^ 1, c = x + 7, d = ~x, e = x << 3;

	for (unsigned i = 0; i < n; i++) {
		a = a * 6364136223846793005 + b;
		b ^= c >> 7;
		c += d * 3;
		d = (d << 9 | d >> 55) ^ e;
		e += a;
		uk_plat_irq_restore(uk_plat_irq_save());
	}
	return a ^ b ^ c ^ d ^ e;
}

static void storm(void)
{
	const uint64_t expected = hash(42, 1000);
	const uint64_t end = uk_plat_time_ns() + 300 * MS;

	period = 20000;
	set_timer(uk_plat_time_ns() + period);
	while (uk_plat_time_ns() < end) {
		want = true;
		if (hash(42, 1000) != expected)
			break;
	}
	UK_CHECK_EQ(hash(42, 1000) == expected, true);
	period = 0;
	UK_CHECK(timers > 100);
	UK_CHECK(preempts > 50);
}

UK_TEST(interrupt, a_storm_of_timers_changes_no_register)
{
	require_own_hooks();
	unmasked(storm);
}

/* Signals sent to this thread by itself arrive before the system call returns. */
static void send(int signal)
{
	const long pid = uk_linux_call3(UK_LINUX_GETPID, 0, 0, 0), tid = uk_linux_call3(UK_LINUX_GETTID, 0, 0, 0);

	uk_linux_call3(UK_LINUX_TGKILL, pid, tid, signal);
}

static void attention(void)
{
	send(UK_LINUX_SIGQUIT);
	UK_CHECK_EQ(attentions, 1);
	uk_plat_irq_save();
	send(UK_LINUX_SIGQUIT);
	UK_CHECK_EQ(attentions, 1);
	uk_plat_irq_enable();
	UK_CHECK_EQ(attentions, 2);
}

UK_TEST(interrupt, quit_is_attention)
{
	require_own_hooks();
	uk_plat_attention();
	unmasked(attention);
}

static void many(void)
{
	uint64_t lost = 0;

	for (unsigned i = 0; i < 200000; i++) {
		unsigned before = attentions;

		if (i & 1) {
			unsigned long state = uk_plat_irq_save();

			send(UK_LINUX_SIGQUIT);
			uk_plat_irq_restore(state);
		} else {
			send(UK_LINUX_SIGQUIT);
		}
		lost += attentions != before + 1;
	}
	UK_CHECK_EQ(lost, 0);
}

UK_TEST(interrupt, signals_masked_and_unmasked_are_not_lost)
{
	require_own_hooks();
	uk_plat_attention();
	unmasked(many);
}
