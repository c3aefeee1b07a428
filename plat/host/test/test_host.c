/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <errno.h>
#include <stdbool.h>

#include <uk/arch/tls.h>
#include <uk/base.h>
#include <uk/plat/boot.h>
#include <uk/plat/cpu.h>
#include <uk/plat/irq.h>
#include <uk/plat/memory.h>
#include <uk/plat/time.h>
#include <uk/test.h>

UK_TEST(host, clock_goes_forward)
{
	uint64_t a = uk_plat_time_ns(), b = uk_plat_time_ns();

	UK_CHECK(b >= a);
	UK_CHECK(uk_plat_wall_ns() > UINT64_C(1500000000000000000));
}

UK_TEST(host, idle_ends_at_the_deadline)
{
	uint64_t deadline = uk_plat_time_ns() + 2000000;

	while (uk_plat_time_ns() < deadline)
		uk_plat_idle(deadline);
	UK_CHECK(uk_plat_time_ns() >= deadline);
}

UK_TEST(host, seed_differs)
{
	uint64_t a, b;

	UK_CHECK_EQ(uk_plat_seed(&a, sizeof(a)), 0);
	UK_CHECK_EQ(uk_plat_seed(&b, sizeof(b)), 0);
	UK_CHECK(a != b);
}

UK_TEST(host, memory_map_is_there)
{
	size_t count;
	const struct uk_plat_region *map = uk_plat_memory_map(&count);

	UK_REQUIRE(count == 1);
	UK_CHECK_EQ(map->kind, UK_PLAT_RAM);
	UK_CHECK(map->size >= 64 << 20);
}

UK_TEST(host, mapping)
{
	struct uk_plat_mapping m = {UINT64_C(0x200000000000), UK_PLAT_ANY, UK_PAGE_SIZE, UK_PLAT_READ | UK_PLAT_WRITE};
	struct uk_plat_mapping bad = m;

	bad.prot = UK_PLAT_WRITE | UK_PLAT_EXEC | UK_PLAT_READ;
	UK_CHECK_EQ(uk_plat_map(&bad, 1), -22);
	UK_CHECK_EQ(uk_plat_unmap(&m, 1), -2);
	UK_REQUIRE(uk_plat_map(&m, 1) == 0);
	UK_CHECK_EQ(*(volatile char *)m.va, 0);
	UK_CHECK_EQ(uk_plat_map(&m, 1), -17);
	m.prot = UK_PLAT_READ;
	UK_CHECK_EQ(uk_plat_protect(&m, 1), 0);
	UK_CHECK_EQ(uk_plat_unmap(&m, 1), 0);
}

UK_TEST_CRASH(host, page_zero, "page fault")
{
	volatile uintptr_t address = 8; /* hidden from the compiler, which would warn */

	*(volatile char *)address = 1;
}

static volatile bool deeper = true;

static int __attribute__((noinline)) overflow(volatile char *above)
{
	volatile char frame[4096];

	frame[0] = *above;
	return deeper ? overflow(frame) + frame[1] : 0;
}

UK_TEST_CRASH(host, stack_overflow, "page fault")
{
	char c = 0;

	overflow(&c);
}

/* Hooks for programs without a scheduler, which brings its own: then there is nothing to see. */
static unsigned timers, kicks, preempts;
static bool wanted;

UK_WEAK void uk_cpu_timer(void)
{
	timers++;
}

UK_WEAK void uk_cpu_kicked(void)
{
	kicks++;
}

UK_WEAK _Bool uk_cpu_preempt_wanted(void)
{
	return wanted;
}

UK_WEAK void uk_cpu_preempt(void)
{
	preempts++;
	wanted = false;
}

static void require_own_hooks(void)
{
	unsigned long state = uk_plat_irq_save();

	kicks = timers = preempts = 0;
	uk_plat_cpu_kick(0);
	UK_CHECK_EQ(kicks, 0);
	uk_plat_idle(0);
	uk_plat_irq_restore(state);
	if (!kicks)
		UK_SKIP("a scheduler has these interrupts");
}

UK_TEST(host, timer_is_noticed_when_unmasked)
{
	const uint64_t deadline = uk_plat_time_ns() + 2000000;
	unsigned long state;

	require_own_hooks();
	state = uk_plat_irq_save();
	uk_plat_timer(deadline);
	while (uk_plat_time_ns() < deadline + 2000000)
		;
	UK_CHECK_EQ(timers, 0);
	wanted = true;
	uk_plat_irq_enable();
	UK_CHECK_EQ(timers, 1);
	UK_CHECK_EQ(preempts, 1);
	uk_plat_irq_restore(state);
}

UK_TEST(host, timer_ends_idle)
{
	uint64_t deadline;
	unsigned long state;

	require_own_hooks();
	deadline = uk_plat_time_ns() + 2000000;
	state = uk_plat_irq_save();
	uk_plat_timer(deadline);
	while (!timers && uk_plat_time_ns() < deadline + 1000000000)
		uk_plat_idle(deadline + 1000000000);
	uk_plat_irq_restore(state);
	UK_CHECK_EQ(timers, 1);
	UK_CHECK(uk_plat_time_ns() >= deadline);
}

UK_TEST(host, thread_pointer_is_what_was_set)
{
	static char block[256] UK_ALIGNED(64);
	void *boot = uk_arch_tls_self(), *tp;

	UK_REQUIRE(uk_arch_tls_size() <= sizeof(block));
	tp = uk_arch_tls_init(block);
	uk_plat_tls_set(tp);
	UK_CHECK(uk_arch_tls_self() == tp);
	uk_plat_tls_set(boot);
	UK_CHECK(uk_arch_tls_self() == boot);
}

UK_TEST(host, has_one_cpu_and_no_messages)
{
	uint64_t address;
	uint32_t data;

	UK_CHECK_EQ(uk_plat_cpu(), 0);
	UK_CHECK_EQ(uk_plat_cpus(), 1);
	UK_CHECK_EQ(uk_plat_cpu_start(1, NULL, NULL, NULL, NULL), -EINVAL);
	UK_CHECK_EQ(uk_plat_irq_msi(NULL, NULL, 0, &address, &data), -ENOTSUP);
}
