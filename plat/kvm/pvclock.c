/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* KVM's paravirtual clock (Linux Documentation/virt/kvm/x86/msr.rst, cpuid.rst): a structure for each CPU, whose
 * address is written to an MSR and which the host fills in, anew whenever the counter's rate or base has changed. */

#include <uk/arch/cpu.h>
#include <uk/base.h>

#include "clock.h"
#include "io.h"
#include "kvm.h"

#define CPUID_SIGNATURE 0x40000000
#define CPUID_FEATURES 0x40000001
#define SIGNATURE_EBX 0x4b4d564b /* "KVMK" */
#define FEATURE_CLOCKSOURCE2 (1u << 3)
#define CPUID_1_HYPERVISOR (1u << 31)
#define MSR_WALL_CLOCK 0x4b564d00
#define MSR_SYSTEM_TIME 0x4b564d01
#define NS_PER_S 1000000000ull

struct time_info {
	uint32_t version, pad;
	uint64_t tsc, system_ns;
	uint32_t mult;
	int8_t shift;
	uint8_t flags, pad2[2];
};

struct wall_clock {
	uint32_t version, sec, nsec;
};

/* Aligned so that none crosses a page. Written by the host. */
static volatile struct {
	struct time_info info;
} UK_ALIGNED(64) cpus[UK_CPUS];
static volatile struct wall_clock wall UK_ALIGNED(16);

static bool present(void)
{
	return uk_kvm_cpuid(1).ecx & CPUID_1_HYPERVISOR && uk_kvm_cpuid(CPUID_SIGNATURE).ebx == SIGNATURE_EBX &&
	       uk_kvm_cpuid(CPUID_FEATURES).eax & FEATURE_CLOCKSOURCE2;
}

/* A consistent copy: the version is odd while the host writes. */
static struct time_info get(unsigned cpu)
{
	volatile struct time_info *info = &cpus[cpu].info;
	struct time_info copy;

	do {
		copy.version = info->version;
		uk_arch_rmb();
		copy.tsc = info->tsc;
		copy.system_ns = info->system_ns;
		copy.mult = info->mult;
		copy.shift = info->shift;
		uk_arch_rmb();
	} while (copy.version & 1 || copy.version != info->version);
	return copy;
}

static uint64_t rate(const struct time_info *t)
{
	return t->shift < 0 ? (uint64_t)t->mult >> (-t->shift & 31) : (uint64_t)t->mult << (t->shift & 31);
}

void uk_kvm_pvclock_start(unsigned cpu)
{
	uk_kvm_wrmsr(MSR_SYSTEM_TIME, (uintptr_t)&cpus[cpu].info | 1);
}

uint64_t uk_kvm_pvclock_rate(void)
{
	struct time_info t;

	if (!present())
		return 0;
	uk_kvm_pvclock_start(0);
	t = get(0);
	return rate(&t);
}

uint64_t uk_kvm_pvclock_ns(unsigned cpu)
{
	const struct time_info t = get(cpu);

	return t.system_ns + uk_kvm_scale_signed(uk_arch_cycles() - t.tsc, rate(&t));
}

uint64_t uk_kvm_pvclock_wall(unsigned cpu)
{
	if (!present())
		return 0;
	uk_kvm_pvclock_start(cpu);
	uk_kvm_wrmsr(MSR_WALL_CLOCK, (uintptr_t)&wall);
	return wall.sec ? wall.sec * NS_PER_S + wall.nsec + uk_kvm_pvclock_ns(cpu) : 0;
}
