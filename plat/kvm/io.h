/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The privileged and the port instructions that this platform uses, one function each. Context: any. */
#pragma once

#include <stddef.h>
#include <stdint.h>

static inline uint8_t uk_kvm_in8(uint16_t port)
{
	uint8_t value;

	__asm__ volatile("inb %w1, %b0" : "=a"(value) : "Nd"(port));
	return value;
}

static inline void uk_kvm_out8(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %b0, %w1" : : "a"(value), "Nd"(port));
}

static inline void uk_kvm_out16(uint16_t port, uint16_t value)
{
	__asm__ volatile("outw %w0, %w1" : : "a"(value), "Nd"(port));
}

/* n bytes to one port: a single exit where the hypervisor takes strings at once. */
static inline void uk_kvm_out8_string(uint16_t port, const void *bytes, size_t n)
{
	__asm__ volatile("rep outsb" : "+S"(bytes), "+c"(n) : "d"(port) : "memory");
}

static inline uint64_t uk_kvm_rdmsr(uint32_t msr)
{
	uint32_t low, high;

	__asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
	return (uint64_t)high << 32 | low;
}

static inline void uk_kvm_wrmsr(uint32_t msr, uint64_t value)
{
	__asm__ volatile("wrmsr" : : "c"(msr), "a"((uint32_t)value), "d"((uint32_t)(value >> 32)) : "memory");
}

struct uk_kvm_cpuid {
	uint32_t eax, ebx, ecx, edx;
};

static inline struct uk_kvm_cpuid uk_kvm_cpuid_raw(uint32_t leaf)
{
	struct uk_kvm_cpuid r = {.eax = leaf};

	__asm__ volatile("cpuid" : "+a"(r.eax), "=b"(r.ebx), "+c"(r.ecx), "=d"(r.edx));
	return r;
}

/* Sub-leaf 0 of a leaf; all zero where the CPU does not have the leaf. */
static inline struct uk_kvm_cpuid uk_kvm_cpuid(uint32_t leaf)
{
	if (leaf > uk_kvm_cpuid_raw(leaf & 0xf0000000).eax)
		return (struct uk_kvm_cpuid){0};
	return uk_kvm_cpuid_raw(leaf);
}
