/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Saving the vector and floating-point registers around a call, as little of them as is in use. */

#include <stdbool.h>
#include <stddef.h>

#include <uk/arch/switch.h>

#define CPUID_OSXSAVE (1u << 27) /* leaf 1, ecx */
#define CPUID_XSAVE 0xd          /* sub-leaf 0, ebx: bytes for what is switched on; sub-leaf 1, eax: */
#define CPUID_XSAVEC 2u
#define CPUID_XINUSE 4u
#define XSTATE_X87 1u
#define LEGACY_SIZE 512 /* of FXSAVE; in XSAVE's area a header of 64 bytes follows (Intel SDM vol. 1, 13.4) */
#define HEADER_WORDS 8
#define MXCSR_AT 6 /* words into the area; XRSTOR loads it in any case */

static struct {
	bool known, compact, in_use;
	size_t size; /* 0: FXSAVE */
} xsave;

static uint32_t cpuid(uint32_t leaf, uint32_t sub, uint32_t *ebx, uint32_t *ecx)
{
	uint32_t edx;

	__asm__ volatile("cpuid" : "+a"(leaf), "=b"(*ebx), "=c"(*ecx), "=d"(edx) : "c"(sub));
	return leaf;
}

/* Once; two CPUs may do it at the same time, with the same result. */
static void find_out(void)
{
	uint32_t ebx, ecx;
	size_t size = 0;

	cpuid(1, 0, &ebx, &ecx);
	if (ecx & CPUID_OSXSAVE) {
		cpuid(CPUID_XSAVE, 0, &ebx, &ecx);
		size = ebx;
		const uint32_t features = cpuid(CPUID_XSAVE, 1, &ebx, &ecx);

		xsave.compact = features & CPUID_XSAVEC;
		xsave.in_use = features & CPUID_XINUSE;
	}
	xsave.size = size;
	__atomic_store_n(&xsave.known, true, __ATOMIC_RELEASE);
}

/* Which components are not in their initial state; all where the CPU does not tell (Intel SDM vol. 1, 13.6). */
static uint32_t in_use(void)
{
	uint32_t low = UINT32_MAX, high;

	if (xsave.in_use)
		__asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(1));
	return low;
}

/* A function that switches away from here must find the x87 unit empty, as at any call. */
static void empty_x87(uint32_t used)
{
	if (used & XSTATE_X87)
		__asm__ volatile("fninit");
}

static void call_fxsave(void (*function)(void))
{
	char area[LEGACY_SIZE] __attribute__((aligned(16)));

	__asm__ volatile("fxsave64 %0" : "=m"(area));
	empty_x87(XSTATE_X87);
	function();
	__asm__ volatile("fxrstor64 %0" : : "m"(area));
}

static void call_xsave(void (*function)(void), uint32_t used)
{
	char memory[xsave.size + 63];
	char *area = (char *)(((uintptr_t)memory + 63) & ~(uintptr_t)63);
	uint64_t *header = (uint64_t *)(void *)(area + LEGACY_SIZE);

	for (unsigned i = 0; i < HEADER_WORDS; i++)
		header[i] = 0;
	if (xsave.compact)
		__asm__ volatile("xsavec64 (%0)" : : "r"(area), "a"(-1), "d"(-1) : "memory");
	else
		__asm__ volatile("xsave64 (%0)" : : "r"(area), "a"(-1), "d"(-1) : "memory");
	empty_x87(used);
	function();
	__asm__ volatile("xrstor64 (%0)" : : "r"(area), "a"(-1), "d"(-1) : "memory");
}

/* Nothing was in use; if that has changed, put the initial state back, which the interrupted code may count on: it is
 * what registers that were just cleared look like. */
static void call_initial(void (*function)(void))
{
	uint32_t area[(LEGACY_SIZE + 64) / 4] __attribute__((aligned(64)));

	function();
	if (in_use() == 0)
		return;
	for (unsigned i = 0; i < sizeof(area) / sizeof(area[0]); i++)
		area[i] = 0;
	__asm__ volatile("stmxcsr %0" : "=m"(area[MXCSR_AT]));
	__asm__ volatile("xrstor64 %0" : : "m"(area), "a"(-1), "d"(-1));
}

void uk_arch_vector_call(void (*function)(void))
{
	uint32_t used;

	if (!__atomic_load_n(&xsave.known, __ATOMIC_ACQUIRE))
		find_out();
	used = in_use();
	if (used == 0)
		call_initial(function);
	else if (xsave.size == 0)
		call_fxsave(function);
	else
		call_xsave(function, used);
}
