/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The clocks. The kernel's are the reference; the vDSO reads them without a system call, but not as quickly as the
 * cycle counter is read (clock.h). That one is trusted if the CPU says that its rate is constant and if the vDSO uses
 * it, too, which shows in its not making a system call. Until the rate is known, or for ever, the vDSO is read each
 * time.
 *
 * The lock is held with interrupts masked, so that a handler that reads the clock never meets it held by its own CPU,
 * and no thread is preempted within the vDSO. */

#include <uk/arch/cpu.h>
#include <uk/base.h>
#include <uk/lock.h>
#include <uk/plat/cpu.h>
#include <uk/plat/time.h>

#include "clock.h"
#include "linux.h"
#include "syscall.h"

#define NS_PER_S 1000000000ull
#define TRIES 4
#define SLOW_READING 20000 /* cycles: the reading was interrupted */
#define FAILURES_MOST 16

static struct uk_linux_clock clock;
static struct uk_lock lock = UK_LOCK_INIT;
static enum {
	UNKNOWN,
	TRUSTED,
	REFUSED
} trust;
static bool wall_wanted;
static int64_t wall_offset; /* from the kernel's monotonic clock */

static int by_system_call(int id, struct uk_linux_timespec *t)
{
	return (int)uk_linux_call3(UK_LINUX_CLOCK_GETTIME, id, (long)t, 0);
}

static int (*read_clock)(int id, struct uk_linux_timespec *t);

uint64_t uk_linux_host_ns(int id)
{
	struct uk_linux_timespec t = {0, 0};

	if (!read_clock) {
		read_clock = (int (*)(int, struct uk_linux_timespec *))uk_linux_vdso_find("__vdso_clock_gettime");
		if (!read_clock)
			read_clock = by_system_call;
	}
	read_clock(id, &t);
	return (uint64_t)t.sec * NS_PER_S + (uint64_t)t.nsec;
}

/* In order with what comes before, as seen by other CPUs (Intel SDM vol. 2, RDTSC). */
static inline uint64_t cycles_now(void)
{
	if (UK_SMP)
		__asm__ volatile("lfence" : : : "memory");
	return uk_arch_cycles();
}

static uint64_t quickest(int (*read)(int id, struct uk_linux_timespec *t))
{
	struct uk_linux_timespec t;
	uint64_t best = UINT64_MAX;

	for (unsigned i = 0; i < TRIES; i++) {
		const uint64_t begin = cycles_now();

		read(UK_LINUX_MONOTONIC, &t);
		best = UK_MIN(best, cycles_now() - begin);
	}
	return best;
}

/* Intel SDM vol. 3, 18.17.1: the invariant counter. */
static bool counter_is_constant(void)
{
	uint32_t a = 0x80000000, b, c, d;

	__asm__("cpuid" : "+a"(a), "=b"(b), "=c"(c), "=d"(d));
	if (a < 0x80000007)
		return false;
	a = 0x80000007;
	__asm__("cpuid" : "+a"(a), "=b"(b), "=c"(c), "=d"(d));
	return d & 1u << 8;
}

static void find_out_trust(void)
{
	const bool good = read_clock != by_system_call && counter_is_constant() &&
			  quickest(read_clock) < quickest(by_system_call) / 2;

	trust = good ? TRUSTED : REFUSED;
}

/* Where REALTIME is from MONOTONIC, which was ns a moment ago. It changes only when somebody sets the clock: a
 * difference that the time which the reading takes explains is none. */
static void measure_wall(uint64_t ns)
{
	const uint64_t wall = uk_linux_host_ns(UK_LINUX_REALTIME), later = uk_linux_host_ns(UK_LINUX_MONOTONIC);

	if (wall_offset < (int64_t)(wall - later) || wall_offset > (int64_t)(wall - ns))
		__atomic_store_n(&wall_offset, (int64_t)(wall - ns), __ATOMIC_RELAXED);
}

/* Ask the kernel. */
static uint64_t synchronize(void)
{
	const unsigned long state = uk_lock_acquire_irq(&lock);
	uint64_t ns = 0, begin = 0, end = SLOW_READING, result;

	for (unsigned i = 0; i < TRIES && end - begin >= SLOW_READING; i++) {
		begin = cycles_now();
		ns = uk_linux_host_ns(UK_LINUX_MONOTONIC);
		end = cycles_now();
	}
	if (wall_wanted)
		measure_wall(ns);
	if (trust == UNKNOWN && uk_linux_clock_is_ready(&clock, end))
		find_out_trust();
	if (trust == REFUSED || clock.failures > FAILURES_MOST) {
		uk_linux_clock_refuse(&clock, ns);
		__atomic_store_n(&trust, REFUSED, __ATOMIC_RELEASE);
	}
	result = uk_linux_clock_step(&clock, end, ns, end - begin < SLOW_READING);
	uk_lock_release_irq(&lock, state);
	return result;
}

uint64_t uk_plat_time_ns(void)
{
	const struct uk_linux_clock_line line = uk_linux_clock_line(&clock);
	const uint64_t cycles = cycles_now();

	if (uk_linux_clock_holds(&line, cycles))
		return uk_linux_clock_at(&line, cycles);
	if (__atomic_load_n(&trust, __ATOMIC_ACQUIRE) == REFUSED)
		return uk_linux_host_ns(UK_LINUX_MONOTONIC) + clock.offset;
	return synchronize();
}

uint64_t uk_plat_wall_ns(void)
{
	uint64_t ns;

	if (__atomic_load_n(&trust, __ATOMIC_ACQUIRE) == REFUSED)
		return uk_linux_host_ns(UK_LINUX_REALTIME);
	if (!__atomic_exchange_n(&wall_wanted, true, __ATOMIC_RELAXED))
		synchronize();
	ns = uk_plat_time_ns();
	return ns - clock.offset + (uint64_t)__atomic_load_n(&wall_offset, __ATOMIC_RELAXED);
}
