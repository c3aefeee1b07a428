/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The clock: the CPU's cycle counter, scaled, if its rate is constant, or else KVM's paravirtual clock where there is
 * one. How fast it counts is found out when the clock is first read, so that an image that never does pays nothing. */

#include <uk/arch/cpu.h>
#include <uk/base.h>
#include <uk/param.h>
#include <uk/plat/cpu.h>
#include <uk/plat/time.h>

#include "clock.h"
#include "event.h"
#include "io.h"
#include "kvm.h"
#include "percpu.h"

#define NS_PER_S 1000000000ull
#define NS_PER_MS 1000000ull
#define MEASURE_NS 900000u /* the last resort, below 1 ms in all */

#define CPUID_TSC_RATIO 0x15
#define CPUID_BASE_MHZ 0x16
#define CPUID_HYPERVISOR_KHZ 0x40000010
#define CPUID_1_HYPERVISOR (1u << 31)
#define CPUID_POWER 0x80000007
#define POWER_INVARIANT_TSC (1u << 8) /* edx (Intel SDM vol. 3, 17.17.1) */

static uint64_t tsc_khz;
UK_PARAM_U64("tsc_khz", tsc_khz, "frequency of the CPU's cycle counter in kHz, where the CPU does not tell");

static uint64_t epoch;
UK_PARAM_U64("epoch", epoch, "the time at start in seconds since 1970, where there is no real-time clock");

static uint64_t mult;    /* nanoseconds for each 2^32 cycles; 0: not known yet */
static uint64_t base;    /* the counter when the clock was first read */
static bool paravirtual; /* the counter is KVM's, since the CPU's own may change its rate */
static struct uk_kvm_clock clock;

static uint64_t khz_of_cpuid(void)
{
	const struct uk_kvm_cpuid ratio = uk_kvm_cpuid(CPUID_TSC_RATIO);

	if (ratio.eax && ratio.ebx && ratio.ecx)
		return (uint64_t)ratio.ecx * ratio.ebx / ratio.eax / 1000;
	if (uk_kvm_cpuid(1).ecx & CPUID_1_HYPERVISOR)
		return uk_kvm_cpuid(CPUID_HYPERVISOR_KHZ).eax;
	return 0;
}

/* One reading of both counters: of some, the one during which the least time passed. Returns the cycles. */
static uint64_t read_both(uint64_t *count)
{
	uint64_t at = 0, least = UINT64_MAX;

	for (unsigned i = 0; i < 8; i++) {
		const uint64_t before = uk_arch_cycles();
		const uint64_t now = uk_kvm_counter_read();
		const uint64_t passed = uk_arch_cycles() - before;

		if (passed < least) {
			least = passed;
			at = before + passed / 2;
			*count = now;
		}
	}
	return at;
}

/* Count cycles against the local APIC's timer, which nearly every machine has, or against the PIT. */
static uint64_t khz_measured(void)
{
	const unsigned long state = uk_plat_irq_save();
	uint64_t first = 0, last = 0, cycles = 0;

	if (uk_kvm_counter_start()) {
		cycles = read_both(&first);
		while (uk_kvm_counter_read() - first < MEASURE_NS)
			uk_arch_pause();
		cycles = read_both(&last) - cycles;
		uk_kvm_counter_stop();
	}
	uk_plat_irq_restore(state);
	return last > first ? cycles * NS_PER_MS / (last - first) : NS_PER_MS;
}

static void calibrate(void)
{
	const bool invariant = uk_kvm_cpuid(CPUID_POWER).edx & POWER_INVARIANT_TSC;
	uint64_t khz = tsc_khz ? tsc_khz : khz_of_cpuid();

	clock.shared = UK_SMP && !invariant;
	if (khz == 0 || !invariant)
		mult = uk_kvm_pvclock_rate();
	paravirtual = mult != 0 && !invariant;
	base = paravirtual ? uk_kvm_pvclock_ns(0) : uk_arch_cycles();
	if (mult != 0)
		return;
	if (khz == 0)
		khz = (uint64_t)uk_kvm_cpuid(CPUID_BASE_MHZ).eax * 1000;
	if (khz == 0)
		khz = khz_measured();
	mult = (NS_PER_MS << 32) / UK_MIN(UK_MAX(khz, 1u), NS_PER_MS << 32);
}

void uk_kvm_time_cpu(unsigned cpu)
{
	if (paravirtual)
		uk_kvm_pvclock_start(cpu);
}

uint64_t uk_kvm_cycles(uint64_t ns)
{
	static uint64_t inverse; /* of mult: cycles for each 2^32 nanoseconds */

	if (inverse == 0) {
		uk_plat_time_ns();
		inverse = UINT64_MAX / mult;
	}
	return uk_kvm_scale(ns, inverse);
}

/* The counter in ns, and what that makes of the clock. */
static uint64_t read(unsigned cpu)
{
	const uint64_t shown = uk_kvm_clock_shown(&clock, cpu);

	if (paravirtual)
		return uk_kvm_clock_read(&clock, cpu, shown, uk_kvm_pvclock_ns(cpu) - base);
	return uk_kvm_clock_read(&clock, cpu, shown, uk_kvm_scale_signed(uk_arch_cycles() - base, mult));
}

uint64_t uk_plat_time_ns(void)
{
	unsigned long state;
	uint64_t ns;

	if (uk_unlikely(mult == 0))
		calibrate();
	if (!UK_SMP)
		return read(0);
	state = uk_plat_irq_save(); /* or the CPU might be another one in the middle of it */
	ns = read(uk_kvm_this()->number);
	uk_plat_irq_restore(state);
	return ns;
}

/* The wall clock at the clock's 0, by whoever knows. */
static uint64_t find_offset(void)
{
	const uint64_t now = uk_plat_time_ns();
	uint64_t wall = epoch ? epoch * NS_PER_S + now : uk_kvm_pvclock_wall(uk_kvm_this()->number);

	if (wall == 0)
		wall = uk_kvm_rtc_read();
	return wall ? wall - now : 0;
}

/* The wall clock and the clock are read together once; from then on they run alike. */
uint64_t uk_plat_wall_ns(void)
{
	static struct uk_lock lock;
	static uint64_t offset;
	unsigned long state;

	if (__atomic_load_n(&offset, __ATOMIC_RELAXED) == 0) {
		state = uk_lock_acquire_irq(&lock);
		if (offset == 0)
			__atomic_store_n(&offset, find_offset(), __ATOMIC_RELAXED);
		uk_lock_release_irq(&lock, state);
	}
	return offset ? uk_plat_time_ns() + offset : 0;
}
