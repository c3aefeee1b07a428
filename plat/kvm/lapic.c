/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The local APIC (Intel SDM vol. 3, 11): through model-specific registers where the CPU has x2APIC, else through
 * memory; and its timer, by a reading of the cycle counter where the CPU has that, else by a count of nanoseconds. */

#include <uk/arch/cpu.h>
#include <uk/base.h>

#include "event.h"
#include "io.h"
#include "irq.h"
#include "kvm.h"

#define LAPIC 0xfee00000
/* Registers, as offsets; in x2APIC mode a sixteenth of that from MSR_X2APIC on (11.12.1.2). */
#define LAPIC_EOI 0xb0
#define LAPIC_SPURIOUS 0xf0
#define LAPIC_COMMAND 0x300
#define LAPIC_DESTINATION 0x310
#define LAPIC_TIMER 0x320
#define LAPIC_INITIAL 0x380
#define LAPIC_CURRENT 0x390
#define LAPIC_DIVIDE 0x3e0
#define SPURIOUS_ENABLE 0x100u
#define COMMAND_PENDING 0x1000u
#define TIMER_MASKED 0x10000u
#define TIMER_TSC_DEADLINE 0x40000u
#define DIVIDE_BY_1 0xb

#define MSR_APIC_BASE 0x1b
#define APIC_BASE_X2APIC 0x400u
#define APIC_BASE_ENABLE 0x800u
#define MSR_TSC_DEADLINE 0x6e0
#define MSR_X2APIC 0x800

#define CPUID_1_X2APIC (1u << 21)       /* ecx */
#define CPUID_1_TSC_DEADLINE (1u << 24) /* ecx */
#define CPUID_1_APIC (1u << 9)          /* edx */
#define CPUID_TOPOLOGY 0xb

static enum {
	OFF,
	MEMORY,
	X2APIC
} mode;
static volatile uint32_t *registers;
static bool tsc_deadline;

static uint32_t get(unsigned reg)
{
	return mode == X2APIC ? (uint32_t)uk_kvm_rdmsr(MSR_X2APIC + reg / 16) : registers[reg / 4];
}

static void put(unsigned reg, uint32_t value)
{
	if (mode == X2APIC)
		uk_kvm_wrmsr(MSR_X2APIC + reg / 16, value);
	else
		registers[reg / 4] = value;
}

/* Which of its ways this machine has. */
static void find(void)
{
	const struct uk_kvm_cpuid id = uk_kvm_cpuid(1);

	if (!(id.edx & CPUID_1_APIC))
		return;
	if (!(id.ecx & CPUID_1_X2APIC))
		registers = uk_kvm_device(LAPIC);
	if (id.ecx & CPUID_1_X2APIC)
		mode = X2APIC;
	else if (registers)
		mode = MEMORY;
	tsc_deadline = mode && id.ecx & CPUID_1_TSC_DEADLINE;
}

static void timer_start(bool counting)
{
	put(LAPIC_TIMER, (UK_KVM_VECTOR_BASE + UK_KVM_IRQ_TIMER) | (counting ? TIMER_MASKED : 0) |
			     (tsc_deadline && !counting ? TIMER_TSC_DEADLINE : 0));
	put(LAPIC_DIVIDE, DIVIDE_BY_1);
	uk_arch_mb(); /* the mode is to be set before the deadline, which is not a memory access (11.5.4.1) */
}

bool uk_kvm_lapic_start(void)
{
	if (mode == OFF)
		find();
	if (mode == OFF)
		return false;
	if (mode == X2APIC)
		uk_kvm_wrmsr(MSR_APIC_BASE, uk_kvm_rdmsr(MSR_APIC_BASE) | APIC_BASE_ENABLE | APIC_BASE_X2APIC);
	put(LAPIC_SPURIOUS, SPURIOUS_ENABLE | (UK_KVM_VECTOR_BASE + UK_KVM_IRQ_SPURIOUS));
	timer_start(false);
	return true;
}

bool uk_kvm_lapic_on(void)
{
	return mode != OFF;
}

void uk_kvm_lapic_eoi(void)
{
	put(LAPIC_EOI, 0);
}

/* From CPUID, so that it can be asked before the local APIC is on. */
uint32_t uk_kvm_lapic_id(void)
{
	const struct uk_kvm_cpuid id = uk_kvm_cpuid(1), topology = uk_kvm_cpuid(CPUID_TOPOLOGY);

	if (!(id.edx & CPUID_1_APIC))
		return UINT32_MAX;
	return id.ecx & CPUID_1_X2APIC && topology.ebx ? topology.edx : id.ebx >> 24;
}

void uk_kvm_lapic_send(uint32_t apic_id, uint32_t command)
{
	uk_arch_mb(); /* what was written before is seen by the one that is interrupted: MSRs are not ordered by
			 themselves */
	if (mode == X2APIC) {
		uk_kvm_wrmsr(MSR_X2APIC + LAPIC_COMMAND / 16, (uint64_t)apic_id << 32 | command);
		return;
	}
	while (get(LAPIC_COMMAND) & COMMAND_PENDING)
		uk_arch_pause();
	put(LAPIC_DESTINATION, apic_id << 24);
	put(LAPIC_COMMAND, command);
}

/* The count is 1 GHz in QEMU (hw/intc/apic.c) and in KVM (APIC_BUS_CYCLE_NS), whatever the CPU. */
bool uk_kvm_event_set(uint64_t ns)
{
	ns = UK_MIN(UK_MAX(ns, 1u), UK_KVM_EVENT_MAX);
	if (mode == OFF)
		return uk_kvm_pit_set(ns);
	if (tsc_deadline)
		uk_kvm_wrmsr(MSR_TSC_DEADLINE, uk_arch_cycles() + uk_kvm_cycles(ns));
	else
		put(LAPIC_INITIAL, (uint32_t)UK_MIN(ns, UINT32_MAX));
	return true;
}

void uk_kvm_event_stop(void)
{
	if (mode == OFF)
		uk_kvm_pit_stop();
	else if (tsc_deadline)
		uk_kvm_wrmsr(MSR_TSC_DEADLINE, 0);
	else
		put(LAPIC_INITIAL, 0);
}

bool uk_kvm_counter_start(void)
{
	uk_kvm_irq_init();
	if (mode == OFF)
		return uk_kvm_pit_count();
	timer_start(true);
	put(LAPIC_INITIAL, UINT32_MAX);
	return true;
}

uint64_t uk_kvm_counter_read(void)
{
	return mode == OFF ? uk_kvm_pit_read() : UINT32_MAX - get(LAPIC_CURRENT);
}

void uk_kvm_counter_stop(void)
{
	uk_kvm_event_stop();
	if (mode != OFF)
		timer_start(false);
}
