/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The timer of the contract. The interrupt may come early, since counters are short and clocks drift against each
 * other: then it is set again. */

#include <uk/base.h>
#include <uk/plat/time.h>

#include "event.h"
#include "hooks.h"
#include "irq.h"
#include "percpu.h"

static void set(struct uk_kvm_cpu *cpu, uint64_t deadline)
{
	const uint64_t now = uk_plat_time_ns();

	cpu->deadline = deadline;
	uk_kvm_event_set(deadline > now ? deadline - now : 0);
}

static void fired(void *arg UK_UNUSED)
{
	struct uk_kvm_cpu *cpu = uk_kvm_this();
	const uint64_t deadline = cpu->deadline;

	if (deadline == UINT64_MAX)
		return;
	if (uk_plat_time_ns() < deadline) {
		set(cpu, deadline);
		return;
	}
	cpu->deadline = UINT64_MAX;
	if (uk_cpu_timer)
		uk_cpu_timer();
}

void uk_plat_timer(uint64_t deadline)
{
	uk_kvm_irq_init();
	uk_kvm_handlers[UK_KVM_IRQ_TIMER].function = fired;
	if (deadline != UINT64_MAX) {
		set(uk_kvm_this(), deadline);
		return;
	}
	uk_kvm_this()->deadline = UINT64_MAX;
	uk_kvm_event_stop();
}
