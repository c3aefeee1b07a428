/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Entropy: RDSEED, RDRAND (Intel SDM vol. 1, 7.3.17), else nothing but the clock. */

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <uk/arch/cpu.h>
#include <uk/base.h>
#include <uk/plat/cpu.h>

#include "io.h"

#define TRIES 10                /* an empty source is full again after a few (Intel DRNG guide, 5.2.1) */
#define CPUID_RDRAND (1u << 30) /* leaf 1, ecx */
#define CPUID_RDSEED (1u << 18) /* leaf 7, ebx */

static bool rdseed(uint64_t *word)
{
	bool ok = false;

	for (unsigned i = 0; i < TRIES && !ok; i++)
		__asm__ volatile("rdseed %0; setc %1" : "=r"(*word), "=qm"(ok) : : "cc");
	return ok;
}

static bool rdrand(uint64_t *word)
{
	bool ok = false;

	for (unsigned i = 0; i < TRIES && !ok; i++)
		__asm__ volatile("rdrand %0; setc %1" : "=r"(*word), "=qm"(ok) : : "cc");
	return ok;
}

/* The finaliser of splitmix64 over the sum of all cycle counts so far. */
static uint64_t mix_clock(void)
{
	static uint64_t state;
	uint64_t x = state += uk_arch_cycles() + 0x9e3779b97f4a7c15;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

int uk_plat_seed(void *buf, size_t len)
{
	const bool seed = uk_kvm_cpuid(7).ebx & CPUID_RDSEED, rand = uk_kvm_cpuid(1).ecx & CPUID_RDRAND;
	int err = 0;

	for (size_t at = 0; at < len; at += sizeof(uint64_t)) {
		uint64_t word;

		if (!(seed && rdseed(&word)) && !(rand && rdrand(&word))) {
			word = mix_clock();
			err = -EAGAIN;
		}
		memcpy((char *)buf + at, &word, UK_MIN(sizeof(word), len - at));
	}
	return err;
}
