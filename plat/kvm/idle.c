/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <uk/plat/time.h>

#include "event.h"
#include "irq.h"
#include "percpu.h"

/* Set a timer that only ends the halt: what uk_plat_timer() was set to is forgotten. False if it is too late, or if
 * there is no timer to end it. */
static bool set_alarm(struct uk_kvm_cpu *cpu, uint64_t deadline)
{
	const uint64_t now = uk_plat_time_ns();

	cpu->deadline = UINT64_MAX;
	return deadline > now && uk_kvm_event_set(deadline - now);
}

void uk_plat_idle(uint64_t deadline)
{
	struct uk_kvm_cpu *cpu = uk_kvm_this();

	uk_kvm_irq_init();
	if (deadline != UINT64_MAX && !set_alarm(cpu, deadline))
		return;
	cpu->storm.length = 0; /* it was no storm if we got here */
	cpu->idle = true;
	/* Interrupts are taken only after the instruction behind sti, so none is missed between the two. */
	__asm__ volatile("sti; hlt; cli" : : : "memory");
	cpu->idle = false;
}
