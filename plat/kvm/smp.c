/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Several CPUs: who there is, starting them, and what they interrupt each other for.
 *
 * What must not wait until a CPU has its interrupts enabled goes by NMI: a CPU that changes page tables holds their
 * lock while it waits for the others, who may be waiting for that lock with interrupts masked. The NMI has a stack of
 * its own on each CPU, takes no lock and touches the CPU's own fields only. */

#include "smp.h"

#include <errno.h>
#include <string.h>

#include <uk/arch/cpu.h>
#include <uk/param.h>
#include <uk/plat/boot.h>
#include <uk/plat/time.h>

#include "ap.h"
#include "io.h"
#include "irq.h"
#include "kvm.h"
#include "machine.h"
#include "percpu.h"

#define MSR_EFER 0xc0000080
#define EFER_LMA 0x400u /* set by the CPU */
#define MSR_GS_BASE 0xc0000101

#define LOW_END 0x100000     /* where a CPU can begin */
#define AGAIN_NS 1000000     /* one that has not answered gets a second start-up interrupt, as the SDM has it */
#define ANSWER_NS 2000000000 /* and is given up then: an emulated CPU may be waiting for a real one */
#define STOP_SPINS 10000000

struct uk_kvm_ap {
	uint32_t cr0, cr3, cr4, efer;
	void *fs;
	struct uk_kvm_cpu *gs;
	void *stack;
	void (*entry)(void *arg);
	void *arg;
	struct uk_kvm_table_pointer idt;
};
_Static_assert(offsetof(struct uk_kvm_ap, cr4) == UK_KVM_AP_CR4, "ap.S reads it");
_Static_assert(offsetof(struct uk_kvm_ap, efer) == UK_KVM_AP_EFER, "ap.S reads it");
_Static_assert(offsetof(struct uk_kvm_ap, fs) == UK_KVM_AP_FS, "ap.S reads it");
_Static_assert(offsetof(struct uk_kvm_ap, gs) == UK_KVM_AP_GS, "ap.S reads it");
_Static_assert(offsetof(struct uk_kvm_ap, stack) == UK_KVM_AP_STACK, "ap.S reads it");

/* Of the CPU that is being started: one at a time. */
struct uk_kvm_ap uk_kvm_ap;
_Noreturn void uk_kvm_ap_start(void);
extern const char uk_kvm_trampoline[], uk_kvm_trampoline_end[];

static uint64_t gdts[UK_CPUS][UK_KVM_GDT_ENTRIES];
static uint64_t low_page; /* for the trampoline; 0: none */
static unsigned stopper;  /* the CPU that stops all others, plus 1; 0: none does */

void uk_kvm_smp_boot(void)
{
	for (unsigned i = 0; i < UK_CPUS; i++) {
		uk_kvm_cpus[i].number = i;
		uk_kvm_cpus[i].deadline = UINT64_MAX;
	}
	uk_kvm_cpus[0].running = true;
	uk_kvm_wrmsr(MSR_GS_BASE, (uintptr_t)&uk_kvm_cpus[0]);
}

void uk_kvm_smp_reserve(void)
{
	low_page = uk_kvm_region_take(1, LOW_END);
}

/* Number the CPUs of the tables: the one that runs is 0, the others follow in the order that they are in. */
static unsigned find(void)
{
	const struct uk_firmware *f = uk_kvm_machine();
	const uint32_t self = uk_kvm_lapic_id();
	unsigned n = 1;

	if (!low_page || self == UINT32_MAX)
		return 1;
	for (unsigned i = 0; i < f->cpus && n < UK_CPUS; i++)
		if (f->apic_id[i] != self)
			uk_kvm_cpus[n++].apic_id = f->apic_id[i];
	return n;
}

unsigned uk_kvm_smp_found(void)
{
	static unsigned count;

	if (count == 0)
		count = find();
	return count;
}

/* Not a parameter of images for one CPU, which need no option that does nothing. */
static uint64_t limit = UK_CPUS;
#if UK_SMP
UK_PARAM_U64("cpus", limit, "CPUs to use at most");
#endif

unsigned uk_plat_cpus(void)
{
	return UK_SMP ? (unsigned)UK_MIN(uk_kvm_smp_found(), UK_MAX(limit, 1u)) : 1;
}

/* The first C code on a CPU that starts, on the stack of its thread. */
_Noreturn void uk_kvm_ap_start(void)
{
	struct uk_kvm_cpu *cpu = uk_kvm_ap.gs;
	void (*const entry)(void *) = uk_kvm_ap.entry;
	void *const arg = uk_kvm_ap.arg;
	uint64_t *gdt = gdts[cpu->number];
	const struct uk_kvm_table_pointer pointer = {sizeof(gdts[0]) - 1, (uintptr_t)gdt};

	memcpy(gdt, uk_kvm_gdt, sizeof(gdts[0]));
	__asm__ volatile("lgdt %0" : : "m"(pointer));
	__asm__ volatile("lidt %0" : : "m"(uk_kvm_ap.idt));
	uk_kvm_trap_cpu(cpu->number, gdt);
	uk_kvm_lapic_start();
	uk_kvm_time_cpu(cpu->number);
	__atomic_store_n(&cpu->running, true, __ATOMIC_RELEASE);
	entry(arg);
	uk_plat_crash(); /* it must not return */
}

static bool answered(const struct uk_kvm_cpu *cpu, uint64_t ns)
{
	const uint64_t end = uk_plat_time_ns() + ns;

	while (!__atomic_load_n(&cpu->running, __ATOMIC_ACQUIRE) && uk_plat_time_ns() < end)
		uk_arch_pause();
	return __atomic_load_n(&cpu->running, __ATOMIC_ACQUIRE);
}

static uint32_t read_cr(unsigned n)
{
	uint64_t value;

	if (n == 0)
		__asm__ volatile("movq %%cr0, %0" : "=r"(value));
	else
		__asm__ volatile("movq %%cr4, %0" : "=r"(value));
	return (uint32_t)value;
}

/* Everything that the CPU needs is in uk_kvm_ap: wake it and wait for it. */
static int start(struct uk_kvm_cpu *cpu)
{
	const uint32_t startup = UK_KVM_SEND_STARTUP | (uint32_t)(low_page >> 12);

	memcpy((void *)low_page, uk_kvm_trampoline, (size_t)(uk_kvm_trampoline_end - uk_kvm_trampoline));
	uk_kvm_lapic_send(cpu->apic_id, UK_KVM_SEND_INIT);
	uk_kvm_lapic_send(cpu->apic_id, startup);
	if (answered(cpu, AGAIN_NS))
		return 0;
	uk_kvm_lapic_send(cpu->apic_id, startup);
	if (answered(cpu, ANSWER_NS))
		return 0;
	uk_kvm_lapic_send(cpu->apic_id, UK_KVM_SEND_INIT); /* so that it does not start any more */
	return -EIO;
}

int uk_plat_cpu_start(unsigned cpu, void (*entry)(void *arg), void *arg, void *stack_top, void *tp)
{
	unsigned long state;
	int err;

	if (!UK_SMP || cpu == 0 || cpu >= uk_kvm_smp_found() || uk_kvm_cpus[cpu].running)
		return -EINVAL;
	state = uk_plat_irq_save();
	uk_plat_time_ns(); /* the clock is calibrated while nobody else needs it */
	uk_kvm_irq_init();
	uk_kvm_fsgsbase(); /* to be in cr4 below */
	uk_kvm_ap = (struct uk_kvm_ap){
	    .cr0 = read_cr(0),
	    .cr3 = (uint32_t)(uintptr_t)uk_kvm_root,
	    .cr4 = read_cr(4),
	    .efer = (uint32_t)uk_kvm_rdmsr(MSR_EFER) & ~EFER_LMA,
	    .fs = tp,
	    .gs = &uk_kvm_cpus[cpu],
	    .stack = stack_top,
	    .entry = entry,
	    .arg = arg,
	};
	__asm__ volatile("sidt %0" : "=m"(uk_kvm_ap.idt));
	err = uk_kvm_lapic_on() ? start(&uk_kvm_cpus[cpu]) : -EIO;
	uk_plat_irq_restore(state);
	return err;
}

static bool other(const struct uk_kvm_cpu *cpu)
{
	return cpu != uk_kvm_this() && __atomic_load_n(&cpu->running, __ATOMIC_ACQUIRE);
}

void uk_kvm_smp_flush(void)
{
	for (struct uk_kvm_cpu *cpu = uk_kvm_cpus; cpu < uk_kvm_cpus + UK_CPUS; cpu++) {
		if (!other(cpu))
			continue;
		__atomic_store_n(&cpu->flush, true, __ATOMIC_SEQ_CST);
		uk_kvm_lapic_send(cpu->apic_id, UK_KVM_SEND_NMI);
	}
	for (struct uk_kvm_cpu *cpu = uk_kvm_cpus; cpu < uk_kvm_cpus + UK_CPUS; cpu++)
		while (other(cpu) && __atomic_load_n(&cpu->flush, __ATOMIC_ACQUIRE))
			uk_arch_pause();
}

static _Noreturn void stop_here(struct uk_kvm_cpu *cpu)
{
	__atomic_store_n(&cpu->running, false, __ATOMIC_RELEASE);
	for (;;)
		__asm__ volatile("cli; hlt" : : : "memory");
}

void uk_kvm_smp_stop(void)
{
	const unsigned long state = uk_plat_irq_save();
	unsigned nobody = 0;
	bool left = true;

	if (!__atomic_compare_exchange_n(&stopper, &nobody, uk_kvm_this()->number + 1, false, __ATOMIC_SEQ_CST,
					 __ATOMIC_SEQ_CST) &&
	    nobody != uk_kvm_this()->number + 1)
		stop_here(uk_kvm_this());
	for (struct uk_kvm_cpu *cpu = uk_kvm_cpus; cpu < uk_kvm_cpus + UK_CPUS; cpu++)
		if (other(cpu))
			uk_kvm_lapic_send(cpu->apic_id, UK_KVM_SEND_NMI);
	for (unsigned i = 0; left && i < STOP_SPINS; i++) {
		left = false;
		for (struct uk_kvm_cpu *cpu = uk_kvm_cpus; cpu < uk_kvm_cpus + UK_CPUS; cpu++)
			left |= other(cpu);
		uk_arch_pause();
	}
	uk_plat_irq_restore(state);
}

bool uk_kvm_smp_nmi(void)
{
	struct uk_kvm_cpu *cpu = uk_kvm_this();
	const bool flush = __atomic_load_n(&cpu->flush, __ATOMIC_ACQUIRE);
	const unsigned by = __atomic_load_n(&stopper, __ATOMIC_ACQUIRE);

	if (by && by != cpu->number + 1)
		stop_here(cpu);
	if (flush) {
		uk_kvm_flush_all();
		__atomic_store_n(&cpu->flush, false, __ATOMIC_RELEASE);
	}
	return flush;
}
