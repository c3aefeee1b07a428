/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The timer and the interrupts of this platform. What it was set to is over once the deadline in the CPU's structure is
 * gone: a scheduler in the image may set another. */

#include <errno.h>

#include <uk/arch/cpu.h>
#include <uk/plat/irq.h>
#include <uk/plat/time.h>
#include <uk/test.h>

#include "../event.h"
#include "../io.h"
#include "../irq.h"
#include "../kvm.h"
#include "../percpu.h"
#include "../serial.h"

#define MS 1000000ull

static void nothing(void *arg UK_UNUSED)
{
}

/* Wait with interrupts enabled until the timer's deadline is another one, or for a second. */
static bool fires(uint64_t deadline)
{
	const volatile uint64_t *now_set = &uk_kvm_this()->deadline;
	const uint64_t end = uk_plat_time_ns() + 1000 * MS;

	__asm__ volatile("sti" : : : "memory");
	while (*now_set == deadline && uk_plat_time_ns() < end)
		uk_arch_pause();
	__asm__ volatile("cli" : : : "memory");
	return *now_set != deadline;
}

static const uint64_t delays[] = {0, 1, 1000, MS, 20 * MS};

UK_TEST_EACH(kvm_timer, fires_not_before_the_deadline, uint64_t, delays)
{
	const unsigned long state = uk_plat_irq_save();
	const uint64_t deadline = uk_plat_time_ns() + *it;

	uk_plat_timer(deadline);
	UK_CHECK(fires(deadline));
	UK_CHECK(uk_plat_time_ns() >= deadline);
	uk_plat_timer(UINT64_MAX);
	uk_plat_irq_restore(state);
}

UK_TEST(kvm_timer, a_deadline_that_is_over_fires_at_once)
{
	const unsigned long state = uk_plat_irq_save();

	uk_plat_timer(1);
	UK_CHECK(fires(1));
	uk_plat_timer(UINT64_MAX);
	uk_plat_irq_restore(state);
}

/* An interrupt that comes before the deadline, as where the counter is too short for it, sets the timer again. */
UK_TEST(kvm_timer, is_set_again_when_it_came_early)
{
	const unsigned long state = uk_plat_irq_save();
	const uint64_t deadline = uk_plat_time_ns() + 10 * MS;

	uk_plat_timer(deadline);
	uk_kvm_event_set(100);
	UK_CHECK(fires(deadline));
	UK_CHECK(uk_plat_time_ns() >= deadline);
	uk_plat_timer(UINT64_MAX);
	uk_plat_irq_restore(state);
}

static const uint64_t longs[] = {10000 * MS, UK_KVM_EVENT_MAX, UK_KVM_EVENT_MAX * 3, UINT64_MAX / 2, UINT64_MAX - 1};

UK_TEST_EACH(kvm_timer, far_deadlines_do_not_fire_now, uint64_t, longs)
{
	const unsigned long state = uk_plat_irq_save();
	const uint64_t now = uk_plat_time_ns(), end = now + 5 * MS;
	const uint64_t deadline = *it > UINT64_MAX - now ? *it : now + *it;

	uk_plat_timer(deadline);
	__asm__ volatile("sti" : : : "memory");
	while (uk_plat_time_ns() < end)
		uk_arch_pause();
	__asm__ volatile("cli" : : : "memory");
	UK_CHECK(uk_kvm_this()->deadline == deadline);
	uk_plat_timer(UINT64_MAX);
	uk_plat_irq_restore(state);
}

/* Nothing wakes a CPU whose timer is not set but for the end of its own wait. */
UK_TEST(kvm_timer, does_not_tick)
{
	const unsigned long state = uk_plat_irq_save();
	const uint64_t deadline = uk_plat_time_ns() + 60 * MS;
	struct uk_plat_irq_counts before, after;

	uk_plat_timer(UINT64_MAX);
	uk_plat_irq_counts(&before);
	while (uk_plat_time_ns() < deadline)
		uk_plat_idle(deadline);
	uk_plat_irq_counts(&after);
	UK_CHECK(after.handled - before.handled <= 4);
	uk_plat_irq_restore(state);
}

UK_TEST(kvm_irq, lines)
{
	UK_CHECK_EQ(uk_plat_irq_attach(48, NULL, NULL), -EINVAL);
	UK_CHECK_EQ(uk_plat_irq_attach(13, nothing, NULL), 0);
	UK_CHECK_EQ(uk_plat_irq_attach(13, nothing, NULL), -EBUSY);
	UK_CHECK_EQ(uk_plat_irq_attach(13, NULL, NULL), 0);
}

#define IOAPIC_MODE(line) (0x10 + 2 * (line))
#define IOAPIC_LEVEL 0x8000u
#define ENABLE_OUTPUT 2 /* interrupt when the device can take output */

/* Have COM1's line interrupt as long as it is up, not only when it goes up. */
static void make_level_triggered(void)
{
	volatile uint32_t *io = uk_kvm_device(0xfec00000);

	io[0] = IOAPIC_MODE(UK_KVM_COM1_LINE);
	io[4] |= IOAPIC_LEVEL;
}

/* A line that never goes quiet: the serial port says that it can take output, to which nobody listens. */
UK_TEST(kvm_irq, a_storm_is_masked)
{
	const unsigned long state = uk_plat_irq_save();
	const int taken = uk_plat_irq_attach(UK_KVM_COM1_LINE, nothing, NULL);
	struct uk_plat_irq_counts before, after;
	uint64_t end;

	if (!uk_kvm_lapic_on()) {
		if (taken == 0)
			uk_plat_irq_attach(UK_KVM_COM1_LINE, NULL, NULL);
		uk_plat_irq_restore(state);
		UK_SKIP("there is no I/O APIC");
	}
	uk_plat_irq_counts(&before);
	make_level_triggered();
	uk_kvm_out8(UK_KVM_COM1 + UK_KVM_COM_MODEM, UK_KVM_COM_MODEM_OUT2 | 3);
	uk_kvm_out8(UK_KVM_COM1 + UK_KVM_COM_ENABLE, ENABLE_OUTPUT);
	end = uk_plat_time_ns() + 5000 * MS;
	do {
		__asm__ volatile("sti; nop; cli" : : : "memory");
		uk_plat_irq_counts(&after);
	} while (after.storms == before.storms && uk_plat_time_ns() < end);
	uk_kvm_out8(UK_KVM_COM1 + UK_KVM_COM_ENABLE, taken == 0 ? 0 : UK_KVM_COM_ENABLE_INPUT);
	if (taken == 0)
		UK_CHECK_EQ(uk_plat_irq_attach(UK_KVM_COM1_LINE, NULL, NULL), 0);
	else
		UK_CHECK_EQ(uk_kvm_ioapic_set(UK_KVM_COM1_LINE, true), 0);
	uk_plat_irq_restore(state);
	if (after.handled - before.handled < UK_PLAT_IRQ_STORM)
		UK_SKIP("this machine interrupts too seldom to make a storm");
	UK_CHECK_EQ(after.storms, before.storms + 1);
}

static volatile unsigned messages;

static void count_message(void *arg)
{
	messages += (unsigned)(uintptr_t)arg;
}

/* Take interrupts until messages have been counted, or for a second. */
static void wait_for_messages(unsigned n)
{
	const uint64_t end = uk_plat_time_ns() + 1000 * MS;

	while (messages < n && uk_plat_time_ns() < end)
		__asm__ volatile("sti; nop; nop; cli" : : : "memory");
}

/* The same for interrupts that nobody handles. */
static void wait_for_unhandled(uint64_t n)
{
	const uint64_t end = uk_plat_time_ns() + 1000 * MS;
	struct uk_plat_irq_counts counts;

	do {
		__asm__ volatile("sti; nop; nop; cli" : : : "memory");
		uk_plat_irq_counts(&counts);
	} while (counts.unhandled < n && uk_plat_time_ns() < end);
}

/* A message is what the local APIC would receive from a device: here the CPU sends it to itself. */
UK_TEST(kvm_irq, messages)
{
	const unsigned long state = uk_plat_irq_save();
	struct uk_plat_irq_counts before, after;
	uint64_t address;
	uint32_t data;
	int id = uk_plat_irq_msi(count_message, (void *)3, uk_plat_cpu(), &address, &data);

	if (id == -ENOTSUP) {
		uk_plat_irq_restore(state);
		UK_SKIP("there is no local APIC");
	}
	UK_CHECK(id >= 0);
	UK_CHECK_EQ(address & ~0xff000ull, 0xfee00000);
	messages = 0;
	uk_kvm_lapic_send(uk_kvm_lapic_id(), data);
	wait_for_messages(3);
	UK_CHECK_EQ(messages, 3);
	uk_plat_irq_msi_free(id);
	uk_plat_irq_counts(&before);
	uk_kvm_lapic_send(uk_kvm_lapic_id(), data);
	wait_for_unhandled(before.unhandled + 1);
	uk_plat_irq_counts(&after);
	UK_CHECK_EQ(messages, 3);
	UK_CHECK_EQ(after.unhandled - before.unhandled, 1);
	UK_CHECK_EQ(uk_plat_irq_msi(count_message, NULL, UK_CPUS, &address, &data), -EINVAL);
	uk_plat_irq_restore(state);
}

UK_TEST(kvm_irq, message_vectors_run_out)
{
	int ids[UK_KVM_MSIS + 1];
	uint64_t address;
	uint32_t data, last = 0;
	unsigned n = 0;

	for (; n <= UK_KVM_MSIS; n++) {
		ids[n] = uk_plat_irq_msi(nothing, NULL, 0, &address, &data);
		if (ids[n] < 0)
			break;
		UK_CHECK(data != last);
		last = data;
	}
	if (n > 0) /* a driver may hold some */
		UK_CHECK_EQ(ids[n], -EBUSY);
	while (n-- > 0)
		uk_plat_irq_msi_free(ids[n]);
}
