/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* KVM's paravirtual clock (Linux Documentation/virt/kvm/x86/msr.rst, cpuid.rst). The host fills in a structure when its
 * address is written to an MSR; it is read once, for the rate and the wall time, and taken away again. */

#include <errno.h>

#include <uk/arch/cpu.h>
#include <uk/base.h>

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

/* Aligned so that neither crosses a page. Written by the host. */
static volatile struct time_info info UK_ALIGNED(32);
static volatile struct wall_clock wall UK_ALIGNED(16);

static bool present(void)
{
	return uk_kvm_cpuid(1).ecx & CPUID_1_HYPERVISOR && uk_kvm_cpuid(CPUID_SIGNATURE).ebx == SIGNATURE_EBX &&
	       uk_kvm_cpuid(CPUID_FEATURES).eax & FEATURE_CLOCKSOURCE2;
}

int uk_kvm_pvclock_read(struct uk_kvm_pvclock *c)
{
	uint32_t version;

	if (!present())
		return -ENODEV;
	uk_kvm_wrmsr(MSR_SYSTEM_TIME, (uintptr_t)&info | 1);
	do {
		version = info.version;
		uk_arch_rmb();
		c->mult = info.shift < 0 ? (uint64_t)info.mult >> (-info.shift & 31)
					 : (uint64_t)info.mult << (info.shift & 31);
		c->system_ns = info.system_ns;
		c->cycles = info.tsc;
		uk_arch_rmb();
	} while (version & 1 || version != info.version);
	uk_kvm_wrmsr(MSR_SYSTEM_TIME, 0);
	return version && c->mult ? 0 : -ENODEV;
}

uint64_t uk_kvm_pvclock_wall(void)
{
	struct uk_kvm_pvclock c;

	if (uk_kvm_pvclock_read(&c) < 0)
		return 0;
	uk_kvm_wrmsr(MSR_WALL_CLOCK, (uintptr_t)&wall);
	if (wall.sec == 0)
		return 0;
	return wall.sec * NS_PER_S + wall.nsec + c.system_ns + uk_kvm_scale(uk_arch_cycles() - c.cycles, c.mult);
}
