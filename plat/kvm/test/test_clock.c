/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The clock on counters that misbehave. */

#include <string.h>

#include <uk/test.h>

#include "../clock.h"

#define MS 1000000ull

static struct uk_kvm_clock clock;

static uint64_t show(unsigned cpu, uint64_t counter)
{
	return uk_kvm_clock_read(&clock, cpu, uk_kvm_clock_shown(&clock, cpu), counter);
}

static int start_new(void)
{
	memset(&clock, 0, sizeof(clock));
	clock.shared = UK_SMP;
	return 0;
}
UK_TEST_FIXTURE(kvm_clock, start_new, NULL);

UK_TEST(kvm_clock, follows_the_counter)
{
	for (uint64_t t = 0; t < 100 * MS; t += MS)
		UK_CHECK_EQ(show(0, t), t);
}

/* It goes on at once from what it has shown, and keeps its rate. */
UK_TEST(kvm_clock, goes_on_when_the_counter_jumps_back)
{
	const uint64_t back[] = {20000, MS, 3600000 * MS, 1ull << 62};
	uint64_t counter = 5 * MS, last = show(0, counter);

	for (unsigned i = 0; i < UK_ARRAY_SIZE(back); i++) {
		counter -= back[i];
		UK_CHECK_EQ(show(0, counter), last);
		UK_CHECK_EQ(show(0, counter + MS), last + MS);
		counter += 2 * MS;
		last = show(0, counter);
		UK_CHECK_EQ(last, (7 + 2 * i) * MS);
	}
}

/* A little is waited for, instead. */
UK_TEST(kvm_clock, stands_still_for_a_little)
{
	UK_CHECK_EQ(show(0, 50000), 50000);
	UK_CHECK_EQ(show(0, 45000), 50000);
	UK_CHECK_EQ(show(0, 49999), 50000);
	UK_CHECK_EQ(show(0, 50001), 50001);
}

UK_TEST(kvm_clock, forward_jumps_are_time)
{
	UK_CHECK_EQ(show(0, 1), 1);
	UK_CHECK_EQ(show(0, 1ull << 61), 1ull << 61);
	UK_CHECK_EQ(show(0, 1), 1ull << 61);
}

static uint32_t state = 1;

static uint32_t random_below(uint32_t n)
{
	state = state * 1664525 + 1013904223;
	return (state >> 8) % n;
}

/* Whatever counters do, what all CPUs show never goes back, and a million steps of real time are not shown as more than
 * twice of that. */
UK_TEST(kvm_clock, never_goes_back)
{
	uint64_t skew[UK_CPUS] = {0}, now = 0, last = 0;
	uint64_t ns;

	for (unsigned i = 0; i < 100000; i++) {
		const unsigned cpu = random_below(UK_CPUS);

		now += random_below(1000);
		if (random_below(1000) == 0)
			skew[cpu] -= random_below(1000) * MS;
		ns = show(cpu, now + skew[cpu]);
		UK_REQUIRE(ns >= last);
		last = ns;
	}
	UK_CHECK(last <= 2 * now);
}

/* CPUs whose counters are apart: the clock goes at the rate of one of them, not of the sum of their differences. */
UK_TEST(kvm_clock, apart_is_no_gain)
{
	uint64_t now = 0, first = 0;

	if (UK_CPUS < 2)
		UK_SKIP("one CPU");
	for (unsigned i = 0; i < 10000; i++) {
		now += 100;
		first = show(0, now + 5 * MS);
		show(UK_CPUS - 1, now);
	}
	UK_CHECK_EQ(first, now + 5 * MS);
}

/* Each CPU with a value of its own, which is what counters that agree need: after a jump of all they agree again. */
UK_TEST(kvm_clock, a_jump_of_all_keeps_them_together)
{
	uint64_t a, b;

	if (UK_CPUS < 2)
		UK_SKIP("one CPU");
	clock.shared = false;
	show(UK_CPUS - 1, 10 * MS);
	show(0, 90 * MS);
	a = show(0, 1 * MS);
	UK_CHECK_EQ(a, 90 * MS);
	b = show(UK_CPUS - 1, 1 * MS);
	UK_CHECK_EQ(b, 90 * MS);
	UK_CHECK_EQ(show(0, 2 * MS), show(UK_CPUS - 1, 2 * MS));
	show(0, 100 * MS);
	UK_CHECK(show(UK_CPUS - 1, 50 * MS) >= 189 * MS);
}

UK_TEST(kvm_clock, scales_without_overflow)
{
	UK_CHECK_EQ(uk_kvm_scale(1ull << 40, 1ull << 31), 1ull << 39);
	UK_CHECK_EQ(uk_kvm_scale(UINT64_MAX, 1ull << 32), UINT64_MAX);
	UK_CHECK_EQ(uk_kvm_scale_signed(-(1ull << 40), 1ull << 31), -(1ull << 39));
	UK_CHECK_EQ(uk_kvm_scale_signed(3, 1ull << 32), 3);
}
