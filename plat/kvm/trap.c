/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Exceptions: the tables that lead to them, and their names. */

#include <string.h>

#include <uk/arch/regs.h>
#include <uk/base.h>
#include <uk/plat/boot.h>
#include <uk/plat/console.h>

#include "hooks.h"
#include "kvm.h"

#define GATE_INTERRUPT 0x8e00 /* present, ring 0, interrupts masked (Intel SDM vol. 3, 6.14.1) */
#define TSS_AVAILABLE 0x890000000000ull
#define SELECTOR_CODE 8
#define SELECTOR_TSS 24
#define TRAP_STACK_SIZE 8192
#define VECTOR_PAGE_FAULT 14

/* Intel SDM vol. 3, 7.7. Only the first interrupt stack is used. */
struct tss {
	uint32_t reserved0;
	uint32_t rsp[6];
	uint32_t reserved1[2];
	uint32_t ist1[2];
	uint32_t rest[15];
};
_Static_assert(sizeof(struct tss) == 104, "Intel SDM vol. 3, 7.7");

struct table_pointer {
	uint16_t limit;
	uint64_t base;
} __attribute__((packed));

struct uk_kvm_gate uk_kvm_gates[UK_KVM_EXCEPTIONS];

static struct tss tss;
static char trap_stack[TRAP_STACK_SIZE] UK_ALIGNED(16);

/* One after the other, in the order of their vectors; those that this system cannot cause have no name. */
static const char names[] = "divide error\0debug\0nmi\0breakpoint\0\0\0invalid instruction\0\0double fault\0\0\0\0"
			    "stack segment\0general protection\0page fault\0\0x87 error\0\0machine check\0simd error";

void uk_kvm_gate_set(struct uk_kvm_gate *gate, const void *entry, unsigned stack)
{
	const uintptr_t at = (uintptr_t)entry;

	*gate = (struct uk_kvm_gate){(uint16_t)at,         SELECTOR_CODE,        (uint16_t)(GATE_INTERRUPT | stack),
				     (uint16_t)(at >> 16), (uint32_t)(at >> 32), 0};
}

void uk_kvm_idt_load(const struct uk_kvm_gate *gates, size_t size)
{
	const struct table_pointer idt = {(uint16_t)(size - 1), (uintptr_t)gates};

	__asm__ volatile("lidt %0" : : "m"(idt));
}

void uk_kvm_trap_init(void)
{
	const uintptr_t t = (uintptr_t)&tss;

	for (unsigned i = 0; i < UK_KVM_EXCEPTIONS; i++)
		uk_kvm_gate_set(&uk_kvm_gates[i], uk_kvm_trap_entries + 8 * i, 1);
	tss.ist1[0] = (uint32_t)(uintptr_t)(trap_stack + sizeof(trap_stack));
	uk_kvm_gdt[SELECTOR_TSS / 8] =
	    (sizeof(tss) - 1) | (t & 0xffffff) << 16 | TSS_AVAILABLE | (t & 0xff000000) << 32;
	uk_kvm_idt_load(uk_kvm_gates, sizeof(uk_kvm_gates));
	__asm__ volatile("ltr %w0" : : "r"(SELECTOR_TSS));
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

/* What somebody may deal with who knows more of the interrupted code: one more than its enum uk_cpu_fault for each
 * vector from 0 on, 0 for none. */
#define KIND(name) (UK_CPU_FAULT_##name + 1)
static const uint8_t kinds[] = {
    [0] = KIND(ARITHMETIC),  [3] = KIND(BREAKPOINT),  [4] = KIND(ARITHMETIC), [5] = KIND(MEMORY),
    [6] = KIND(INSTRUCTION), [11] = KIND(BUS),        [12] = KIND(BUS),       [13] = KIND(MEMORY),
    [14] = KIND(MEMORY),     [16] = KIND(ARITHMETIC), [17] = KIND(BUS),       [19] = KIND(ARITHMETIC),
};

static bool dealt_with(struct uk_arch_regs *r, uintptr_t address)
{
	return uk_cpu_fault && r->vector < sizeof(kinds) && kinds[r->vector] &&
	       uk_cpu_fault(r, (enum uk_cpu_fault)(kinds[r->vector] - 1), address);
}

void uk_kvm_trap(struct uk_arch_regs *r)
{
	const char *name = names;
	uintptr_t address = 0;

	r->vector = (r->vector - (uintptr_t)uk_kvm_trap_entries) / 8;
	if (r->vector == VECTOR_PAGE_FAULT)
		__asm__ volatile("movq %%cr2, %0" : "=r"(address));
	if (dealt_with(r, address))
		return;
	for (unsigned i = 0; i < r->vector && name < names + sizeof(names) - 1; i++)
		name += strlen(name) + 1;
	uk_bug_trap(r, name < names + sizeof(names) && *name ? name : "exception", address);
}
