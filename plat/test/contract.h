/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Tests of the platform contract that every platform that boots must pass; each includes them in its own test source.
 */
#pragma once

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <uk/arch/cpu.h>
#include <uk/arch/tls.h>
#include <uk/plat/boot.h>
#include <uk/plat/console.h>
#include <uk/plat/cpu.h>
#include <uk/plat/irq.h>
#include <uk/plat/memory.h>
#include <uk/plat/time.h>
#include <uk/test.h>

UK_TEST(plat, clock_goes_forward)
{
	uint64_t last = uk_plat_time_ns();
	const uint64_t first = last;

	for (unsigned i = 0; i < 1000; i++) {
		const uint64_t now = uk_plat_time_ns();

		UK_REQUIRE(now >= last);
		last = now;
	}
	UK_CHECK(last > first);
}

UK_TEST(plat, wall_clock_is_of_this_century)
{
	const uint64_t wall = uk_plat_wall_ns();

	if (wall == 0)
		UK_SKIP("this machine has no wall clock");
	UK_CHECK(wall > 1600000000000000000ull && wall < 4100000000000000000ull);
	UK_CHECK(uk_plat_wall_ns() >= wall);
}

UK_TEST(plat, idle_ends_at_the_deadline)
{
	const uint64_t start = uk_plat_time_ns(), deadline = start + 3000000;
	unsigned times = 0;

	while (uk_plat_time_ns() < deadline) {
		uk_plat_idle(deadline);
		times++;
	}
	UK_CHECK(uk_plat_time_ns() - start < 1000000000);
	UK_CHECK(times > 0 && times < 1000);
	uk_plat_idle(start);
}

/* A timer that nobody waits for, or that a scheduler sets anew: it must not upset an idle that has a deadline. */
UK_TEST(plat, idle_keeps_its_deadline_beside_a_timer)
{
	const uint64_t start = uk_plat_time_ns(), deadline = start + 3000000;
	const unsigned long state = uk_plat_irq_save();

	uk_plat_timer(start);
	uk_plat_timer(start + 1000000);
	uk_plat_timer(UINT64_MAX);
	while (uk_plat_time_ns() < deadline)
		uk_plat_idle(deadline);
	uk_plat_timer(start); /* a scheduler learns that its own was forgotten */
	uk_plat_irq_restore(state);
	UK_CHECK(uk_plat_time_ns() - start < 1000000000);
}

UK_TEST(plat, a_kick_ends_an_idle_without_deadline)
{
	const unsigned long state = uk_plat_irq_save();

	uk_plat_cpu_kick(uk_plat_cpu());
	uk_plat_idle(UINT64_MAX);
	uk_plat_irq_restore(state);
}

UK_TEST(plat, cpus_that_run_are_not_started)
{
	UK_CHECK_EQ(uk_plat_cpu_start(0, NULL, NULL, NULL, NULL), -EINVAL);
	UK_CHECK_EQ(uk_plat_cpu_start(uk_plat_cpus(), NULL, NULL, NULL, NULL), -EINVAL);
	UK_CHECK_EQ(uk_plat_cpu_start(100000, NULL, NULL, NULL, NULL), -EINVAL);
}

UK_TEST(plat, interrupts_are_counted)
{
	struct uk_plat_irq_counts before, after;

	uk_plat_irq_counts(&before);
	uk_plat_irq_counts(&after);
	UK_CHECK(after.handled >= before.handled && after.spurious >= before.spurious);
}

UK_TEST(plat, seed_differs)
{
	unsigned char a[13] = {0}, b[13] = {0};
	const int err = uk_plat_seed(a, sizeof(a) - 1);

	UK_CHECK(err == 0 || err == -EAGAIN);
	UK_CHECK_EQ(uk_plat_seed(b, sizeof(b) - 1), err);
	UK_CHECK(memcmp(a, b, sizeof(a) - 1) != 0);
	UK_CHECK_EQ(a[12], 0);
}

UK_TEST(plat, memory_map_is_sane)
{
	const uintptr_t here = (uintptr_t)uk_plat_memory_map;
	uintptr_t end = 0;
	size_t count, ram = 0, image = 0;
	const struct uk_plat_region *r = uk_plat_memory_map(&count);

	for (size_t i = 0; i < count; i++, r++) {
		UK_CHECK(r->size > 0 && r->base >= end);
		end = r->base + r->size;
		image += r->kind == UK_PLAT_IMAGE && here >= r->base && here < end;
		if (r->kind != UK_PLAT_RAM)
			continue;
		ram += r->size;
		UK_CHECK_EQ(r->base % UK_PAGE_SIZE, 0);
		UK_CHECK_EQ(r->size % UK_PAGE_SIZE, 0);
		UK_CHECK(r->base > 0);
		UK_CHECK_EQ(uk_plat_phys((void *)(end - 1)) != UINT64_MAX, true);
	}
	UK_CHECK_EQ(image, 1);
	UK_CHECK(ram > 0);
}

UK_TEST(plat, interrupt_masks_nest)
{
	const unsigned long outer = uk_plat_irq_save(), inner = uk_plat_irq_save();

	uk_plat_irq_restore(inner);
	UK_CHECK_EQ(uk_plat_irq_save(), inner);
	uk_plat_irq_restore(inner);
	uk_plat_irq_restore(outer);
	UK_CHECK_EQ(uk_plat_irq_attach(100000, NULL, NULL) <= 0, true);
}

UK_TEST(plat, boot_information)
{
	size_t size = 1;
	const void *initrd = uk_plat_initrd(&size);

	UK_CHECK(uk_plat_cmdline() != NULL);
	UK_CHECK(strlen(uk_plat_name()) > 0);
	UK_CHECK_EQ(initrd == NULL, size == 0);
	UK_CHECK(uk_plat_cpu() < uk_plat_cpus());
}

static _Thread_local int plat_initialised = 4711;
static _Thread_local int plat_zero;

/* Not inlined: the address of a thread's variable may be kept in a register while the thread pointer changes. */
static __attribute__((noinline)) int plat_tls_sum(void)
{
	uk_arch_barrier();
	return plat_initialised + plat_zero;
}

UK_TEST(plat, thread_local_storage)
{
	static char block[4096] UK_ALIGNED(64);
	void *boot, *tp;
	int fresh;

	UK_REQUIRE(uk_arch_tls_size() <= sizeof(block));
	UK_CHECK_EQ(plat_tls_sum(), 4711);
	plat_zero = 1;
	__asm__ volatile("movq %%fs:0, %0" : "=r"(boot));
	tp = uk_arch_tls_init(block);
	uk_plat_tls_set(tp);
	uk_plat_tls_set(tp);
	fresh = plat_tls_sum();
	uk_plat_tls_set(boot);
	UK_CHECK_EQ(fresh, 4711);
	UK_CHECK_EQ(plat_tls_sum(), 4712);
	plat_zero = 0;
}

UK_TEST(plat, boot_stack_is_here)
{
	uintptr_t low, high;

	uk_plat_boot_stack(&low, &high);
	UK_CHECK(low < (uintptr_t)&low && (uintptr_t)&low < high);
}

/* Ranges and protections that map and protect must refuse. */
static const struct uk_plat_mapping plat_bad[] = {
    {0x200000000800, UK_PLAT_ANY, 4096, UK_PLAT_READ},
    {0x200000000000, UK_PLAT_ANY, 4095, UK_PLAT_READ},
    {0x200000000000, UK_PLAT_ANY, 0, UK_PLAT_READ},
    {0x7fffffffe000, UK_PLAT_ANY, 0x10000, UK_PLAT_READ},
    {0xffffffffffff0000, UK_PLAT_ANY, 0x20000, UK_PLAT_READ},
    {0, UK_PLAT_ANY, 4096, UK_PLAT_READ},
    {0x200000000000, UK_PLAT_ANY, 4096, UK_PLAT_WRITE},
    {0x200000000000, UK_PLAT_ANY, 4096, UK_PLAT_READ | UK_PLAT_WRITE | UK_PLAT_EXEC},
    {0x200000000000, UK_PLAT_ANY, 4096, UK_PLAT_READ | 64},
};

UK_TEST_EACH(plat, refuses, struct uk_plat_mapping, plat_bad)
{
	struct uk_plat_mapping m = *it;

	UK_CHECK(uk_plat_protect(&m, 1) < 0);
	m.pa = m.va;
	UK_CHECK_EQ(uk_plat_map(&m, 1), -EINVAL);
}

/* What must trap. The addresses are hidden from the compiler, which would warn. */
static volatile uintptr_t plat_address;
static const char plat_constant[] = "constant";

static void plat_write(void)
{
	*(volatile char *)plat_address = 1;
}

UK_TEST_CRASH(plat, page_zero, "page fault")
{
	plat_address = 8;
	plat_write();
}

UK_TEST_CRASH(plat, text_is_not_writable, "page fault")
{
	plat_address = (uintptr_t)plat_write;
	plat_write();
}

UK_TEST_CRASH(plat, constants_are_not_writable, "page fault")
{
	plat_address = (uintptr_t)plat_constant;
	plat_write();
}

UK_TEST_CRASH(plat, data_is_not_executable, "page fault")
{
	static unsigned char code[16] = {0xc3}; /* ret */

	plat_address = (uintptr_t)code;
	((void (*)(void))plat_address)();
}

UK_TEST_CRASH(plat, invalid_instruction, "invalid instruction")
{
	__asm__ volatile("ud2");
}

UK_TEST_CRASH(plat, division_by_zero, "divide error")
{
	__asm__ volatile("xorl %%ecx, %%ecx; divl %%ecx" : : : "eax", "ecx", "edx", "cc");
}

static volatile bool plat_deeper = true;

static int __attribute__((noinline)) plat_overflow(volatile char *above)
{
	volatile char frame[2048];

	frame[0] = *above;
	return plat_deeper ? plat_overflow(frame) + frame[1] : 0;
}

UK_TEST_CRASH(plat, stack_overflow, "page fault")
{
	char first = 0;

	plat_overflow(&first);
}
