/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The clock that counts cycles: on readings that are made up, and against the kernel's. */

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <uk/base.h>
#include <uk/plat/cpu.h>
#include <uk/plat/time.h>
#include <uk/test.h>

#include "../clock.h"
#include "../linux.h"

#define MS 1000000ull
#define GHZ 3ull /* of the counter: cycles for each ns */
#define START 5000000000ull

/* A counter, a reference and the clock that is calibrated by it. */
static struct {
	struct uk_linux_clock clock;
	uint64_t cycles, ns, last, worst;
	bool back;
} world;

static int setup(void)
{
	memset(&world, 0, sizeof(world));
	world.cycles = 1ull << 40;
	world.ns = START;
	return 0;
}

UK_TEST_FIXTURE(clock, setup, NULL);

/* Let ns pass, and the counter count by a rate that is changed by some millionths. Then read. */
static uint64_t pass(uint64_t ns, int millionths)
{
	struct uk_linux_clock_line line;
	uint64_t now, difference;

	world.ns += ns;
	world.cycles += (uint64_t)((int64_t)(ns * GHZ) + (int64_t)(ns * GHZ) / 1000 * millionths / 1000);
	line = uk_linux_clock_line(&world.clock);
	now = uk_linux_clock_holds(&line, world.cycles)
		  ? uk_linux_clock_at(&line, world.cycles)
		  : uk_linux_clock_step(&world.clock, world.cycles, world.ns, true);
	world.back |= now < world.last;
	difference = now > world.ns ? now - world.ns : world.ns - now;
	world.worst = UK_MAX(world.worst, difference);
	world.last = now;
	return now;
}

static void calibrate(void)
{
	for (unsigned i = 0; i < 2000; i++)
		pass(10007, 0);
	UK_REQUIRE(world.clock.rate != 0);
	UK_CHECK(!world.back);
	world.worst = 0;
}

UK_TEST(clock, follows_the_reference)
{
	calibrate();
	for (unsigned i = 0; i < 200000; i++)
		pass(20011, 0);
	UK_CHECK(!world.back);
	UK_CHECK(world.worst < 20);
	UK_CHECK_EQ(world.clock.failures, 0);
}

/* By 500 millionths up and down: what the kernel allows itself. */
UK_TEST(clock, follows_changes_of_the_rate)
{
	calibrate();
	for (unsigned i = 0; i < 400000; i++)
		pass(20011, (i / 50000 & 1) ? 500 : 0);
	UK_CHECK(!world.back);
	UK_CHECK(world.worst < 1000);
	UK_CHECK_EQ(world.clock.failures, 0);
}

UK_TEST(clock, is_right_after_a_long_pause)
{
	calibrate();
	pass(3600ull * 1000 * MS, 0);
	UK_CHECK(world.worst < 20);
	pass(20011, 0);
	UK_CHECK(world.worst < 20);
	UK_CHECK(!world.back);
}

UK_TEST(clock, goes_on_when_the_reference_jumps_back)
{
	uint64_t before;

	calibrate();
	before = pass(2 * MS, 0);
	world.ns -= 1000 * MS;
	UK_CHECK(pass(2 * MS, 0) >= before);
	for (unsigned i = 0; i < 1000; i++)
		pass(MS, 0);
	UK_CHECK(!world.back);
	UK_CHECK(world.last > before + 990 * MS && world.last < before + 1020 * MS);
}

UK_TEST(clock, is_slowed_down_when_it_is_ahead)
{
	calibrate();
	pass(2 * MS, 0);
	world.ns -= 100000;
	for (unsigned i = 0; i < 100000; i++)
		pass(1009, 0);
	UK_CHECK(!world.back);
	UK_CHECK(world.last < world.ns + 20 && world.last + 20 > world.ns);
}

UK_TEST(clock, follows_a_jump_ahead)
{
	calibrate();
	world.ns += 5000 * MS;
	pass(2 * MS, 0);
	UK_CHECK(world.worst < 20);
	for (unsigned i = 0; i < 10000; i++)
		pass(10007, 0);
	UK_CHECK(!world.back);
	UK_CHECK(world.worst < 20);
}

UK_TEST(clock, survives_a_counter_that_jumps)
{
	calibrate();
	world.cycles -= 1ull << 39;
	for (unsigned i = 0; i < 10000; i++)
		pass(10007, 0);
	world.cycles += 1ull << 50;
	for (unsigned i = 0; i < 10000; i++)
		pass(10007, 0);
	UK_CHECK(!world.back);
	UK_CHECK(world.worst < 2 * MS);
	UK_CHECK(world.clock.rate != 0 && world.clock.failures <= 2);
}

UK_TEST(clock, takes_nothing_back_when_it_is_refused)
{
	calibrate();
	pass(2 * MS, 0);
	uk_linux_clock_refuse(&world.clock, world.ns);
	for (unsigned i = 0; i < 1000; i++)
		pass(10007, 0);
	UK_CHECK(!world.back);
	UK_CHECK_EQ(world.clock.rate, 0);
	UK_CHECK_EQ(world.clock.lines[world.clock.count & 1].span, 0);
}

/* What the kernel shows before and after a reading of ours must enclose it, but for what the rates may differ by. */
UK_TEST(clock, agrees_with_the_kernel)
{
	const uint64_t end = uk_plat_time_ns() + 200 * MS;
	uint64_t now, early = 0, late = 0;

	do {
		const uint64_t before = uk_linux_host_ns(UK_LINUX_MONOTONIC);
		now = uk_plat_time_ns();
		const uint64_t after = uk_linux_host_ns(UK_LINUX_MONOTONIC);

		early = UK_MAX(early, now < before ? before - now : 0);
		late = UK_MAX(late, now > after ? now - after : 0);
	} while (now < end);
	UK_CHECK(early < 2000);
	UK_CHECK(late < 2000);
}

UK_TEST(clock, wall_agrees_with_the_kernel)
{
	const uint64_t end = uk_plat_time_ns() + 50 * MS;
	uint64_t last = 0, off = 0;

	do {
		const uint64_t before = uk_linux_host_ns(UK_LINUX_REALTIME), now = uk_plat_wall_ns();

		UK_REQUIRE(now >= last);
		last = now;
		off = UK_MAX(off, now < before ? before - now : 0);
	} while (uk_plat_time_ns() < end);
	UK_CHECK(off < 2000);
}
