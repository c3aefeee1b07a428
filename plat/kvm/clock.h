/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What makes a clock of a counter: it never goes back, whatever the counter does. No hardware here. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/base.h>
#include <uk/lock.h>

struct uk_kvm_clock {
	/* The CPUs' counters are not known to agree: what any of them returns is at least what another has returned
	 * before, for which they all write `last`. Else each has a `last` of its own, which is quicker, and the common
	 * one is only brought up to date from time to time. */
	bool shared;
	uint64_t last UK_ALIGNED(64);
	struct uk_kvm_clock_cpu {
		uint64_t adjust, last; /* added to the counter; returned last */
	} UK_ALIGNED(64) cpu[UK_CPUS];
};

/* cycles * mult >> 32 without overflow. */
static inline uint64_t uk_kvm_scale(uint64_t cycles, uint64_t mult)
{
	return (uint64_t)((unsigned __int128)cycles * mult >> 32);
}

/* The same for a counter that may have gone back behind its base. */
static inline uint64_t uk_kvm_scale_signed(uint64_t cycles, uint64_t mult)
{
	return (int64_t)cycles < 0 ? -uk_kvm_scale(-cycles, mult) : uk_kvm_scale(cycles, mult);
}

/* What the clock has shown at most. To be read before the counter is: a counter that then shows less has gone back. */
static inline uint64_t uk_kvm_clock_shown(const struct uk_kvm_clock *clock, unsigned cpu)
{
	const uint64_t own = clock->cpu[cpu].last, common = __atomic_load_n(&clock->last, __ATOMIC_ACQUIRE);

	return UK_MAX(own, common);
}

/* The time when the counter of this CPU, in ns, is `counter`, and uk_kvm_clock_shown() was `shown` before. Where the
 * counter has jumped back, the clock goes on from what it has shown. Context: interrupts masked if UK_SMP. */
uint64_t uk_kvm_clock_read(struct uk_kvm_clock *clock, unsigned cpu, uint64_t shown, uint64_t counter);
