/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The page tables: four levels (Intel SDM vol. 3, 4.5), all memory mapped one to one.
 *
 * They are changed under the lock of map.c or during start. Pages for tables come from a stretch of memory
 * that start-up takes out of the memory map, and from pages given back. */

#include <string.h>

#include <uk/base.h>
#include <uk/plat/boot.h>
#include <uk/plat/console.h>
#include <uk/plat/memory.h>

#include "io.h"
#include "kvm.h"
#include "pvh.h"

#define LEVELS 4
#define ENTRIES 512
#define SPARE 8 /* pages kept for later mappings: the APICs take three */

#define MSR_EFER 0xc0000080
#define EFER_NXE 0x800
#define CPUID_EXTENDED 0x80000001
#define CPUID_NX (1u << 20)
#define CPUID_1G (1u << 26)

uint64_t *uk_kvm_root, uk_kvm_nx;

static bool has_1g;
static uint64_t pool_start, pool, pool_end; /* the stretch of memory; from pool on never used so far */
static uint64_t *given;                     /* pages given, each pointing to the next */

void uk_kvm_flush_all(void)
{
	__asm__ volatile("movq %0, %%cr3" : : "r"(uk_kvm_root) : "memory");
}

void uk_kvm_table_put(void *page)
{
	*(uint64_t **)page = given;
	given = page;
}

void *uk_kvm_table_get(void)
{
	uint64_t *page = given;

	if (page) {
		given = *(uint64_t **)page;
	} else if (pool < pool_end) {
		page = (uint64_t *)pool;
		pool += UK_PAGE_SIZE;
	} else {
		return NULL;
	}
	return memset(page, 0, UK_PAGE_SIZE);
}

bool uk_kvm_table_own(const void *page)
{
	const uintptr_t at = (uintptr_t)page;

	return (at >= pool_start && at < pool_end) ||
	       (at >= (uintptr_t)uk_kvm_image && at < (uintptr_t)uk_kvm_image_end);
}

static size_t level_size(unsigned level)
{
	return UK_PAGE_SIZE << (9 * level);
}

static unsigned index_of(uintptr_t va, unsigned level)
{
	return va >> (UK_PAGE_SHIFT + 9 * level) & (ENTRIES - 1);
}

uint64_t *uk_kvm_table_slot(uintptr_t va, unsigned level, bool create)
{
	uint64_t *table = uk_kvm_root;

	for (unsigned l = LEVELS - 1; l > level; l--) {
		uint64_t *slot = &table[index_of(va, l)];

		if (!(*slot & UK_KVM_PRESENT)) {
			table = create ? uk_kvm_table_get() : NULL;
			if (!table)
				return NULL;
			*slot = (uintptr_t)table | UK_KVM_PRESENT | UK_KVM_WRITE;
		} else if (*slot & UK_KVM_LARGE) {
			return NULL;
		}
		table = (uint64_t *)(*slot & UK_KVM_ADDRESS);
	}
	return &table[index_of(va, level)];
}

unsigned uk_kvm_table_level(uintptr_t va, uint64_t pa, size_t size)
{
	unsigned level = has_1g ? 2 : 1;

	while (level > 0 && (size < level_size(level) || ((va | pa) & (level_size(level) - 1)) != 0))
		level--;
	return level;
}

void uk_kvm_table_map(uintptr_t va, uintptr_t end, uint64_t pa, uint64_t flags)
{
	while (va < end) {
		const unsigned level = uk_kvm_table_level(va, pa, end - va);
		const size_t size = level_size(level);
		uint64_t *slot = uk_kvm_table_slot(va, level, true);

		if (!slot) { /* inside a larger page already: the monitor's ranges overlap */
			va += size;
			pa += size;
			continue;
		}
		/* On to the table's end, as long as pages of this size fit: there the next size may begin. */
		do {
			*slot++ = pa | flags | UK_KVM_PRESENT | (level ? UK_KVM_LARGE : 0);
			va += size;
			pa += size;
		} while (index_of(va, level) != 0 && end - va >= size);
	}
}

/* How many tables start-up may need at most. */
static size_t tables_needed(const struct uk_kvm_start_info *info)
{
	const struct uk_kvm_memory *m = (const struct uk_kvm_memory *)info->memory_map;
	size_t n = LEVELS + SPARE + ((uintptr_t)uk_kvm_image_end >> 21);

	for (uint32_t i = 0; i < info->memory_map_entries; i++, m++)
		if (m->type == UK_KVM_PVH_RAM)
			n += 5 + (m->size >> (has_1g ? 39 : 30));
	return n;
}

/* Map a range of RAM but for page zero and the image. */
static void map_ram(uint64_t base, uint64_t end)
{
	const uint64_t flags = UK_KVM_WRITE | uk_kvm_nx;

	base = UK_MAX(UK_ALIGN_UP(base, UK_PAGE_SIZE), UK_PAGE_SIZE);
	end = UK_ALIGN_DOWN(UK_MIN(end, UK_KVM_RAM_END), UK_PAGE_SIZE);
	if (base < (uintptr_t)uk_kvm_image_end && end > (uintptr_t)uk_kvm_image) {
		uk_kvm_table_map(base, (uintptr_t)uk_kvm_image, base, flags);
		base = (uintptr_t)uk_kvm_image_end;
	}
	uk_kvm_table_map(base, end, base, flags);
}

static void map_image(const char *start, const char *end, uint64_t flags)
{
	uk_kvm_table_map((uintptr_t)start, (uintptr_t)end, (uintptr_t)start, flags);
}

static void find_features(void)
{
	const struct uk_kvm_cpuid id = uk_kvm_cpuid(CPUID_EXTENDED);

	has_1g = id.edx & CPUID_1G;
	if (id.edx & CPUID_NX) {
		uk_kvm_nx = UK_KVM_NX;
		uk_kvm_wrmsr(MSR_EFER, uk_kvm_rdmsr(MSR_EFER) | EFER_NXE);
	}
}

void uk_kvm_tables_init(const struct uk_kvm_start_info *info)
{
	static const char no_memory[] = "not enough memory for page tables\n";
	const struct uk_kvm_memory *m = (const struct uk_kvm_memory *)info->memory_map;
	uint64_t unused;

	find_features();
	const size_t needed = tables_needed(info);

	pool = pool_start = uk_kvm_region_take(needed, UK_KVM_COARSE_END);
	if (!pool) {
		uk_plat_console_write(no_memory, sizeof(no_memory) - 1);
		uk_plat_crash();
	}
	pool_end = pool + needed * UK_PAGE_SIZE;
	uk_kvm_root = uk_kvm_table_get();
	for (uint32_t i = 0; i < info->memory_map_entries; i++, m++)
		if (m->type == UK_KVM_PVH_RAM)
			map_ram(m->base, m->base + m->size);
	map_image(uk_kvm_image, uk_kvm_rodata, 0);
	map_image(uk_kvm_rodata, uk_kvm_data, uk_kvm_nx);
	map_image(uk_kvm_data, uk_kvm_guard, UK_KVM_WRITE | uk_kvm_nx);
	map_image(uk_kvm_stack, uk_kvm_image_end, UK_KVM_WRITE | uk_kvm_nx);
	uk_kvm_flush_all();

	for (unsigned i = 0; i < 3; i++)
		uk_kvm_table_put(uk_kvm_early_tables + i * ENTRIES);
	unused = pool + SPARE * UK_PAGE_SIZE;
	if (unused < pool_end) {
		uk_kvm_region_set(unused, pool_end, UK_PLAT_RAM);
		pool_end = unused;
	}
}
