/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Interrupts from CPU to CPU, and to itself. */

#include <uk/plat/cpu.h>

#include "event.h"
#include "hooks.h"
#include "irq.h"
#include "percpu.h"

static void kicked(void *arg UK_UNUSED)
{
	if (uk_cpu_kicked)
		uk_cpu_kicked();
}

void uk_plat_cpu_kick(unsigned cpu)
{
	const unsigned long state = uk_plat_irq_save();

	uk_kvm_irq_init();
	uk_kvm_handlers[UK_KVM_IRQ_KICK].function = kicked;
	if (!uk_kvm_lapic_on())
		uk_kvm_pit_kick();
	else if (cpu == 0 || (UK_SMP && __atomic_load_n(&uk_kvm_cpus[cpu].running, __ATOMIC_RELAXED)))
		uk_kvm_lapic_send(uk_kvm_cpus[cpu].apic_id, UK_KVM_VECTOR_BASE + UK_KVM_IRQ_KICK);
	uk_plat_irq_restore(state);
}
