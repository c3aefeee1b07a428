/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Interrupts: the local APIC, its timer, and the dispatch to handlers (Intel SDM vol. 3, 11). Handlers are changed with
 * interrupts masked. */

#include <uk/base.h>

#include "io.h"
#include "irq.h"
#include "kvm.h"
#include "vectors.h"

#define LAPIC 0xfee00000
/* Registers, in words. */
enum {
	LAPIC_EOI = 0xb0 / 4,
	LAPIC_SPURIOUS = 0xf0 / 4,
	LAPIC_TIMER = 0x320 / 4,
	LAPIC_INITIAL = 0x380 / 4,
	LAPIC_CURRENT = 0x390 / 4,
	LAPIC_DIVIDE = 0x3e0 / 4
};
#define LAPIC_ENABLE 0x100
#define LAPIC_MASKED 0x10000
#define LAPIC_DIVIDE_BY_1 0xb

#define PIC1_MASK 0x21
#define PIC2_MASK 0xa1

struct uk_kvm_handler uk_kvm_handlers[UK_KVM_LINES];

static volatile uint32_t *lapic;

void uk_kvm_irq(unsigned irq)
{
	if (irq < UK_KVM_LINES && uk_kvm_handlers[irq].function)
		uk_kvm_handlers[irq].function(uk_kvm_handlers[irq].arg);
	if (irq != UK_KVM_IRQ_SPURIOUS)
		lapic[LAPIC_EOI] = 0;
}

void uk_kvm_irq_init(void)
{
	if (lapic)
		return;
	lapic = uk_kvm_device(LAPIC);
	if (!lapic)
		return;
	for (unsigned i = 0; i < UK_KVM_IRQS; i++)
		uk_kvm_trap_gate(UK_KVM_VECTOR_BASE + i, uk_kvm_irq_entries + 8 * i, false);
	/* Firmware leaves the old interrupt controllers on, with vectors that mean exceptions here. */
	uk_kvm_out8(PIC1_MASK, 0xff);
	uk_kvm_out8(PIC2_MASK, 0xff);
	lapic[LAPIC_SPURIOUS] = LAPIC_ENABLE | (UK_KVM_VECTOR_BASE + UK_KVM_IRQ_SPURIOUS);
	lapic[LAPIC_TIMER] = LAPIC_MASKED;
	lapic[LAPIC_DIVIDE] = LAPIC_DIVIDE_BY_1;
}

/* The timer counts at 1 GHz in QEMU (hw/intc/apic.c) and in KVM (APIC_BUS_CYCLE_NS), whatever the CPU. */
void uk_kvm_timer_set(uint64_t ns)
{
	if (!lapic)
		return;
	lapic[LAPIC_TIMER] = UK_KVM_VECTOR_BASE + UK_KVM_IRQ_TIMER;
	lapic[LAPIC_INITIAL] = (uint32_t)UK_MIN(UK_MAX(ns, (uint64_t)1), (uint64_t)UINT32_MAX);
}

void uk_kvm_counter_start(uint32_t count)
{
	uk_kvm_irq_init();
	if (!lapic)
		return;
	lapic[LAPIC_TIMER] = LAPIC_MASKED;
	lapic[LAPIC_INITIAL] = count;
}

uint32_t uk_kvm_counter_read(void)
{
	return lapic ? lapic[LAPIC_CURRENT] : 0;
}
