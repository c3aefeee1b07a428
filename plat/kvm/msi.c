/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Interrupts by message (Intel SDM vol. 3, 11.11): a write to the address of a local APIC. Each CPU has vectors of its
 * own: the same vector is another interrupt on another CPU. The tables are changed under `lock`. */

#include <errno.h>

#include <uk/plat/cpu.h>

#include "irq.h"
#include "kvm.h"
#include "percpu.h"

#define ADDRESS 0xfee00000u
#define ADDRESS_CPU_SHIFT 12
#define APIC_ID_MAX 0xff /* what fits into an address */

static struct uk_kvm_handler handlers[UK_CPUS][UK_KVM_MSIS];
static struct uk_lock lock;

/* What the vector is on every CPU. */
static void arrived(void *arg)
{
	struct uk_kvm_cpu *cpu = uk_kvm_this();
	const struct uk_kvm_handler h = handlers[cpu->number][(uintptr_t)arg];

	if (h.function) {
		h.function(h.arg);
	} else {
		cpu->counts.handled--; /* which the caller is going to add */
		cpu->counts.unhandled++;
	}
}

/* A free vector of the CPU, taken for the handler; -EBUSY if there is none. */
static int take(unsigned cpu, void (*handler)(void *arg), void *arg)
{
	unsigned i = 0;

	while (i < UK_KVM_MSIS && handlers[cpu][i].function)
		i++;
	if (i == UK_KVM_MSIS)
		return -EBUSY;
	handlers[cpu][i] = (struct uk_kvm_handler){handler, arg};
	uk_kvm_irq_gate(UK_KVM_IRQ_MSI + i, uk_kvm_msi_entries + 8 * i);
	uk_kvm_handlers[UK_KVM_IRQ_MSI + i] = (struct uk_kvm_handler){arrived, (void *)(uintptr_t)i};
	return (int)i;
}

int uk_plat_irq_msi(void (*handler)(void *arg), void *arg, unsigned cpu, uint64_t *address, uint32_t *data)
{
	unsigned long state;
	int i;

	if (cpu >= UK_CPUS || (cpu > 0 && !uk_kvm_cpus[cpu].running))
		return -EINVAL;
	state = uk_lock_acquire_irq(&lock);
	uk_kvm_irq_init();
	i = uk_kvm_lapic_on() && uk_kvm_cpus[cpu].apic_id <= APIC_ID_MAX ? take(cpu, handler, arg) : -ENOTSUP;
	uk_lock_release_irq(&lock, state);
	if (i < 0)
		return i;
	*address = ADDRESS | uk_kvm_cpus[cpu].apic_id << ADDRESS_CPU_SHIFT;
	*data = UK_KVM_VECTOR_BASE + UK_KVM_IRQ_MSI + (unsigned)i;
	return (int)(cpu * UK_KVM_MSIS) + i;
}

void uk_plat_irq_msi_free(int id)
{
	const unsigned long state = uk_lock_acquire_irq(&lock);

	handlers[(unsigned)id / UK_KVM_MSIS][(unsigned)id % UK_KVM_MSIS].function = NULL;
	uk_lock_release_irq(&lock, state);
}
