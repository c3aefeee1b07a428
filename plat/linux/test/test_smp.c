/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* A second CPU without a scheduler, which would take it for itself: then these are skipped. They want cpus=2. */

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

#include <uk/arch/cpu.h>
#include <uk/arch/tls.h>
#include <uk/base.h>
#include <uk/plat/boot.h>
#include <uk/plat/cpu.h>
#include <uk/plat/time.h>
#include <uk/test.h>

#include "../interrupt.h"

#define S 1000000000ull
#define KICKS 20000

static volatile unsigned wrong;
static int argument;
static volatile bool spin;
static volatile uint64_t latest;
static _Thread_local int variable = 4711;

/* What CPU 1 does: idles, or counts time, as it is told; the number of its rounds shows that it has looked. */
static volatile uint64_t rounds;

static void second_cpu(void *arg)
{
	wrong += arg != &argument || uk_plat_cpu() != 1 || variable != 4711 || uk_plat_irq_save() == 0;
	variable = 1;
	for (;;) {
		rounds++;
		if (!spin) {
			uk_plat_idle(UINT64_MAX);
			continue;
		}
		uk_plat_irq_enable();
		for (unsigned i = 0; i < 1000; i++)
			__atomic_store_n(&latest, uk_plat_time_ns(), __ATOMIC_RELEASE);
		uk_plat_irq_save();
	}
}

static int start(unsigned cpu)
{
	static char stack[16384] UK_ALIGNED(16), block[8192] UK_ALIGNED(64);

	static void *tp;

	UK_REQUIRE(uk_arch_tls_size() <= sizeof(block));
	if (!tp)
		tp = uk_arch_tls_init(block);
	return uk_plat_cpu_start(cpu, second_cpu, &argument, stack + sizeof(stack), tp);
}

static bool wait_for(volatile uint64_t *word, uint64_t value)
{
	const uint64_t end = uk_plat_time_ns() + 10 * S;

	while (*word < value && uk_plat_time_ns() < end)
		uk_arch_pause();
	return *word >= value;
}

static void require_second_cpu(void)
{
	static bool started;

	if (uk_plat_cpus() < 2)
		UK_SKIP("one CPU; give cpus=2");
	if (!started && start(1) != 0)
		UK_SKIP("a scheduler has the CPUs");
	started = true;
	UK_REQUIRE(wait_for(&rounds, 1));
}

UK_TEST(smp, starts_a_cpu_once)
{
	UK_CHECK_EQ(start(0), -EINVAL);
	UK_CHECK_EQ(start(uk_plat_cpus()), -EINVAL);
	require_second_cpu();
	UK_CHECK_EQ(start(1), -EINVAL);
	UK_CHECK_EQ(wrong, 0);
	UK_CHECK_EQ(variable, 4711);
	UK_CHECK_EQ(uk_plat_cpu(), 0);
}

UK_TEST(smp, a_kick_ends_idle)
{
	require_second_cpu();
	spin = false;
	for (unsigned i = 0; i < KICKS; i++) {
		const uint64_t before = rounds;

		uk_plat_cpu_kick(1);
		UK_REQUIRE(wait_for(&rounds, before + 1));
	}
}

UK_TEST(smp, a_kick_reaches_a_busy_cpu)
{
	require_second_cpu();
	spin = true;
	uk_plat_cpu_kick(1);
	for (unsigned i = 0; i < KICKS; i++)
		uk_plat_cpu_kick(1);
	spin = false;
	const uint64_t before = rounds;

	uk_plat_cpu_kick(1);
	UK_CHECK(wait_for(&rounds, before + 1));
	UK_CHECK_EQ(wrong, 0);
}

UK_TEST(smp, clock_never_goes_back_across_cpus)
{
	uint64_t end = uk_plat_time_ns() + S / 2, back = 0, worst = 0;

	require_second_cpu();
	spin = true;
	uk_plat_cpu_kick(1);
	while (uk_plat_time_ns() < end) {
		const uint64_t other = __atomic_load_n(&latest, __ATOMIC_ACQUIRE), now = uk_plat_time_ns();

		back += now < other;
		worst = UK_MAX(worst, now < other ? other - now : 0);
	}
	spin = false;
	UK_CHECK_EQ(back, 0);
	UK_CHECK_EQ(worst, 0);
}
