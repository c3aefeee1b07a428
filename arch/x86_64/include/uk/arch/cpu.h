/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Single instructions that every architecture has under another name. Unprivileged, no policy. */
#pragma once

#include <stdint.h>

/* Tell the CPU that this is a spin loop. Context: any. */
static inline void uk_arch_pause(void)
{
	__asm__ volatile("pause" ::: "memory");
}

/* The CPU's cycle counter: constant rate, unit unknown here (uk_plat_time_ns() knows), not ordered against the
 * instructions around it. Context: any. */
static inline uint64_t uk_arch_cycles(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (uint64_t)high << 32 | low;
}

/* Keep the compiler from moving memory accesses across this point. Context: any. */
static inline void uk_arch_barrier(void)
{
	__asm__ volatile("" ::: "memory");
}

/* Order all memory accesses as other CPUs and devices see them. x86 keeps loads among themselves and
 * stores among themselves in order (Intel SDM vol. 3, 9.2), so only the full one is an instruction; a locked add is
 * quicker than mfence and every interpreter of x86 knows it. Context: any. */
static inline void uk_arch_mb(void)
{
	__asm__ volatile("lock; addl $0, -4(%%rsp)" ::: "memory", "cc");
}

/* Order loads only. Context: any. */
static inline void uk_arch_rmb(void)
{
	uk_arch_barrier();
}

/* Order stores only. Context: any. */
static inline void uk_arch_wmb(void)
{
	uk_arch_barrier();
}

/* The frame pointer of the calling function, for uk_arch_backtrace(). Context: any. */
static inline __attribute__((always_inline)) uintptr_t uk_arch_fp(void)
{
	return (uintptr_t)__builtin_frame_address(0);
}
