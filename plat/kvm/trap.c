/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Exceptions: the tables that lead to them, and their names. */

#include <string.h>

#include <uk/arch/regs.h>
#include <uk/base.h>
#include <uk/lock.h>
#include <uk/plat/boot.h>
#include <uk/plat/console.h>

#include "hooks.h"
#include "kvm.h"
#include "smp.h"
#include "vectors.h"

#define GATE_INTERRUPT 0x8e00 /* present, ring 0, interrupts masked (Intel SDM vol. 3, 6.14.1) */
#define TSS_AVAILABLE 0x890000000000ull
#define SELECTOR_CODE 8
#define SELECTOR_TSS 24
#define TRAP_STACK_SIZE 8192
#define NMI_STACK_SIZE 1024
#define VECTOR_PAGE_FAULT 14

/* Intel SDM vol. 3, 7.7. */
struct tss {
	uint32_t reserved0;
	uint32_t rsp[6];
	uint32_t reserved1[2];
	uint32_t ist[7][2]; /* stack n is at n - 1 */
	uint32_t reserved2[2], io_map;
};
_Static_assert(sizeof(struct tss) == 104, "Intel SDM vol. 3, 7.7");

struct uk_kvm_gate uk_kvm_gates[UK_KVM_EXCEPTIONS];

/* A CPU's own. NMIs, which stop the other CPUs and make them flush, may come in the middle of an exception. */
#define STACK_TRAP 1
#define STACK_NMI 2
static struct {
	struct tss tss;
	char nmi[UK_SMP ? NMI_STACK_SIZE : 0] UK_ALIGNED(16);
	char trap[TRAP_STACK_SIZE] UK_ALIGNED(16);
} own[UK_CPUS];

void uk_kvm_gate_set(struct uk_kvm_gate *gate, const void *entry, unsigned stack)
{
	const uintptr_t at = (uintptr_t)entry;

	*gate = (struct uk_kvm_gate){(uint16_t)at,         SELECTOR_CODE,        (uint16_t)(GATE_INTERRUPT | stack),
				     (uint16_t)(at >> 16), (uint32_t)(at >> 32), 0};
}

void uk_kvm_idt_load(const struct uk_kvm_gate *gates, size_t size)
{
	const struct uk_kvm_table_pointer idt = {(uint16_t)(size - 1), (uintptr_t)gates};

	__asm__ volatile("lidt %0" : : "m"(idt));
}

void uk_kvm_trap_cpu(unsigned cpu, uint64_t *gdt)
{
	struct tss *tss = &own[cpu].tss;
	const uintptr_t t = (uintptr_t)tss;

	tss->ist[STACK_TRAP - 1][0] = (uint32_t)(uintptr_t)(own[cpu].trap + sizeof(own[cpu].trap));
	if (UK_SMP)
		tss->ist[STACK_NMI - 1][0] = (uint32_t)(uintptr_t)(own[cpu].nmi + sizeof(own[cpu].nmi));
	gdt[SELECTOR_TSS / 8] = (sizeof(*tss) - 1) | (t & 0xffffff) << 16 | TSS_AVAILABLE | (t & 0xff000000) << 32;
	__asm__ volatile("ltr %w0" : : "r"(SELECTOR_TSS));
}

void uk_kvm_trap_init(void)
{
	for (unsigned i = 0; i < UK_KVM_EXCEPTIONS; i++)
		uk_kvm_gate_set(&uk_kvm_gates[i], uk_kvm_trap_entries + 8 * i,
				UK_SMP && i == UK_KVM_VECTOR_NMI ? STACK_NMI : STACK_TRAP);
	uk_kvm_trap_cpu(0, uk_kvm_gdt);
	uk_kvm_idt_load(uk_kvm_gates, sizeof(uk_kvm_gates));
}

/* Stands in for core/assert where an image lacks it. */
_Noreturn UK_WEAK void uk_bug_trap(const struct uk_arch_regs *r, const char *what, uintptr_t address);
_Noreturn UK_WEAK void uk_bug_trap(const struct uk_arch_regs *r, const char *what, uintptr_t address)
{
	(void)r;
	(void)address;
	uk_plat_console_write(what, strlen(what));
	uk_plat_console_write("\n", 1);
	uk_plat_crash();
}

/* Nobody deals with faults in most images. */
UK_WEAK _Bool uk_cpu_fault(struct uk_arch_regs *r UK_UNUSED, enum uk_cpu_fault fault UK_UNUSED,
			   uintptr_t address UK_UNUSED)
{
	return false;
}

/* For each vector from 0 on: which of the names, and what kind of fault for somebody who may deal with it, 0 for none.
 */
#define EXCEPTION(name, kind) ((name) | (kind) << 4)
#define KIND(name) (UK_CPU_FAULT_##name + 1)
static const uint8_t exceptions[] = {
    [0] = EXCEPTION(1, KIND(ARITHMETIC)),
    [1] = EXCEPTION(2, 0),
    [2] = EXCEPTION(3, 0),
    [3] = EXCEPTION(4, KIND(BREAKPOINT)),
    [4] = EXCEPTION(0, KIND(ARITHMETIC)),
    [5] = EXCEPTION(0, KIND(MEMORY)),
    [6] = EXCEPTION(5, KIND(INSTRUCTION)),
    [8] = EXCEPTION(6, 0),
    [11] = EXCEPTION(0, KIND(BUS)),
    [12] = EXCEPTION(7, KIND(BUS)),
    [13] = EXCEPTION(8, KIND(MEMORY)),
    [14] = EXCEPTION(9, KIND(MEMORY)),
    [16] = EXCEPTION(10, KIND(ARITHMETIC)),
    [17] = EXCEPTION(0, KIND(BUS)),
    [18] = EXCEPTION(11, 0),
    [19] = EXCEPTION(12, KIND(ARITHMETIC)),
};
static const char names[] = "exception\0divide error\0debug\0nmi\0breakpoint\0invalid instruction\0double fault\0"
			    "stack segment\0general protection\0page fault\0x87 error\0machine check\0simd error";

void uk_kvm_trap(struct uk_arch_regs *r)
{
	const char *name = names;
	uintptr_t address = 0;
	unsigned what = 0;

	r->vector = (r->vector - (uintptr_t)uk_kvm_trap_entries) / 8;
	if (r->vector == VECTOR_PAGE_FAULT)
		__asm__ volatile("movq %%cr2, %0" : "=r"(address));
	if (UK_SMP && r->vector == UK_KVM_VECTOR_NMI && uk_kvm_smp_nmi())
		return;
	if (r->vector < sizeof(exceptions))
		what = exceptions[r->vector];
	if (what >> 4 && uk_cpu_fault(r, (enum uk_cpu_fault)((what >> 4) - 1), address))
		return;
	for (what &= 0xf; what; what--)
		name += strlen(name) + 1;
	uk_bug_trap(r, name, address);
}
