/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include "clock.h"

#define COMMON 1000000  /* ns between writes of the common value where each CPU has its own */
#define TOLERANCE 10000 /* ns: less is no jump, but CPUs that are not quite together, or reads out of order */

/* What any CPU has shown. */
static uint64_t newest(const struct uk_kvm_clock *clock)
{
	uint64_t ns = clock->last;

	for (unsigned i = 0; i < UK_CPUS; i++)
		ns = UK_MAX(ns, __atomic_load_n(&clock->cpu[i].last, __ATOMIC_RELAXED));
	return ns;
}

/* Note that ns is shown. Returns what another CPU has shown meanwhile if that is more. */
static uint64_t show(uint64_t *last, uint64_t ns)
{
	uint64_t old = __atomic_load_n(last, __ATOMIC_RELAXED);

	if (!UK_SMP)
		return *last = UK_MAX(old, ns);
	while (old < ns)
		if (__atomic_compare_exchange_n(last, &old, ns, true, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
			return ns;
	return old;
}

uint64_t uk_kvm_clock_read(struct uk_kvm_clock *clock, unsigned cpu, uint64_t shown, uint64_t counter)
{
	struct uk_kvm_clock_cpu *c = &clock->cpu[cpu];
	uint64_t ns = counter + c->adjust;

	if (uk_unlikely((int64_t)(shown - ns) > TOLERANCE)) {
		shown = newest(clock);
		c->adjust += shown - ns;
		ns = shown;
	}
	ns = (int64_t)(shown - ns) > 0 ? shown : ns;
	if (clock->shared || ns - clock->last > COMMON)
		ns = show(&clock->last, ns);
	__atomic_store_n(&c->last, ns, __ATOMIC_RELAXED);
	return ns;
}
