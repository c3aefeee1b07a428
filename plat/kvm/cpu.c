/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Interrupt mask, thread pointer, CPU numbers, stack. */

#include <stdbool.h>

#include <uk/plat/cpu.h>

#include "io.h"
#include "kvm.h"
#include "percpu.h"

#define FLAGS_INTERRUPT 0x200
#define MSR_FS_BASE 0xc0000100
#define CPUID_FSGSBASE 1u /* leaf 7, ebx */
#define CR4_FSGSBASE 0x10000ull

unsigned long uk_plat_irq_save(void)
{
	unsigned long flags;

	__asm__ volatile("pushfq; popq %0; cli" : "=r"(flags) : : "memory");
	return flags & FLAGS_INTERRUPT;
}

void uk_plat_irq_restore(unsigned long state)
{
	if (state & FLAGS_INTERRUPT)
		__asm__ volatile("sti" : : : "memory");
}

unsigned uk_plat_cpu(void)
{
	return uk_kvm_this()->number;
}

/* It is many times quicker than the MSR. Other CPUs get the bit when they start. */
bool uk_kvm_fsgsbase(void)
{
	static enum {
		UNKNOWN,
		NO,
		YES
	} state;
	uint64_t cr4;

	if (state == UNKNOWN && uk_kvm_cpuid(7).ebx & CPUID_FSGSBASE) {
		__asm__ volatile("movq %%cr4, %0" : "=r"(cr4));
		__asm__ volatile("movq %0, %%cr4" : : "r"(cr4 | CR4_FSGSBASE));
		state = YES;
	} else if (state == UNKNOWN) {
		state = NO;
	}
	return state == YES;
}

void uk_plat_tls_set(void *tp)
{
	void *current;

	__asm__ volatile("movq %%fs:0, %0" : "=r"(current));
	if (current == tp)
		return;
	if (uk_kvm_fsgsbase())
		__asm__ volatile("wrfsbase %0" : : "r"(tp) : "memory");
	else
		uk_kvm_wrmsr(MSR_FS_BASE, (uintptr_t)tp);
}

void uk_plat_boot_stack(uintptr_t *low, uintptr_t *high)
{
	*low = (uintptr_t)uk_kvm_stack;
	*high = (uintptr_t)uk_kvm_stack_end;
}

struct uk_kvm_cpu uk_kvm_cpus[UK_CPUS];
