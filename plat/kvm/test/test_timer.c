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
#include "../irq.h"
#include "../percpu.h"

#define MS 1000000ull

static void nothing(void *arg UK_UNUSED)
{
}

/* Wait with interrupts enabled until the timer's deadline is another one, or for half a second. */
static bool fires(uint64_t deadline)
{
	const volatile uint64_t *now_set = &uk_kvm_this()->deadline;
	const uint64_t end = deadline + 500 * MS;

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
