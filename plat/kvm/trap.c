/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Exceptions: the tables that lead to them, and their names. */

#include <string.h>

#include <uk/arch/regs.h>
#include <uk/base.h>
#include <uk/plat/boot.h>
#include <uk/plat/console.h>

#include "kvm.h"
#include "vectors.h"

#define GATE_INTERRUPT 0x8e00 /* present, ring 0, interrupts masked (Intel SDM vol. 3, 6.14.1) */
#define TSS_AVAILABLE 0x890000000000ull
#define SELECTOR_CODE 8
#define SELECTOR_TSS 24
#define TRAP_STACK_SIZE 8192
#define VECTOR_PAGE_FAULT 14
#define EXCEPTIONS 32

struct gate {
	uint16_t low, selector, type, middle;
	uint32_t high, zero;
};

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

static struct gate gates[UK_KVM_VECTORS];
static struct tss tss;
static char trap_stack[TRAP_STACK_SIZE] UK_ALIGNED(16);

/* One after the other, in the order of their vectors; those that this system cannot cause have no name. */
static const char names[] = "divide error\0debug\0nmi\0breakpoint\0\0\0invalid instruction\0\0double fault\0\0\0\0"
			    "stack segment\0general protection\0page fault\0\0x87 error\0\0machine check\0simd error";

void uk_kvm_trap_gate(unsigned vector, const void *entry, bool own_stack)
{
	const uintptr_t at = (uintptr_t)entry;

	gates[vector] =
	    (struct gate){(uint16_t)at,         SELECTOR_CODE,        (uint16_t)(GATE_INTERRUPT | own_stack),
			  (uint16_t)(at >> 16), (uint32_t)(at >> 32), 0};
}

void uk_kvm_trap_init(void)
{
	const struct table_pointer idt = {sizeof(gates) - 1, (uintptr_t)gates};
	const uintptr_t t = (uintptr_t)&tss;

	for (unsigned i = 0; i < EXCEPTIONS; i++)
		uk_kvm_trap_gate(i, uk_kvm_trap_entries + 8 * i, true);
	tss.ist1[0] = (uint32_t)(uintptr_t)(trap_stack + sizeof(trap_stack));
	uk_kvm_gdt[SELECTOR_TSS / 8] =
	    (sizeof(tss) - 1) | (t & 0xffffff) << 16 | TSS_AVAILABLE | (t & 0xff000000) << 32;
	__asm__ volatile("lidt %0" : : "m"(idt));
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

void uk_kvm_trap(struct uk_arch_regs *r)
{
	const char *name = names;
	uintptr_t address = 0;

	r->vector = (r->vector - (uintptr_t)uk_kvm_trap_entries) / 8;
	if (r->vector == VECTOR_PAGE_FAULT)
		__asm__ volatile("movq %%cr2, %0" : "=r"(address));
	for (unsigned i = 0; i < r->vector && name < names + sizeof(names) - 1; i++)
		name += strlen(name) + 1;
	uk_bug_trap(r, name < names + sizeof(names) && *name ? name : "exception", address);
}
