/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The memory map: an array of regions in ascending order, disjoint. It changes during start only. */

#include <string.h>

#include <uk/base.h>
#include <uk/plat/boot.h>
#include <uk/plat/console.h>
#include <uk/plat/memory.h>

#include "kvm.h"
#include "pvh.h"

#define REGIONS 64
#define REGIONS_KEPT 16 /* for everything but RAM, if the monitor's map is very long: memory is lost then */

static struct uk_plat_region map[REGIONS];
static size_t count;

const struct uk_plat_region *uk_plat_memory_map(size_t *n)
{
	*n = count;
	return map;
}

/* Replace n regions from index at by one. */
static void replace(size_t at, size_t n, struct uk_plat_region with)
{
	memmove(&map[at + 1], &map[at + n], (count - at - n) * sizeof(map[0]));
	map[at] = with;
	count += 1 - n;
}

/* The index of the region that ends above addr, after cutting it in two if it begins below. */
static size_t cut(uint64_t addr)
{
	size_t at = 0;

	while (at < count && map[at].base + map[at].size <= addr)
		at++;
	if (at < count && map[at].base < addr) {
		replace(at, 0, map[at]);
		map[at].size = addr - map[at].base;
		at++;
		map[at].size -= addr - map[at].base;
		map[at].base = addr;
	}
	return at;
}

/* Join the region at index at to the one before it, if they are one. */
static void join(size_t at)
{
	if (at == 0 || at >= count || map[at - 1].kind != map[at].kind ||
	    map[at - 1].base + map[at - 1].size != map[at].base)
		return;
	map[at].base = map[at - 1].base;
	map[at].size += map[at - 1].size;
	replace(at - 1, 2, map[at]);
}

void uk_kvm_region_set(uint64_t base, uint64_t end, enum uk_plat_region_kind kind)
{
	size_t first;

	if (kind == UK_PLAT_RAM) {
		base = UK_ALIGN_UP(base, UK_PAGE_SIZE);
		end = UK_ALIGN_DOWN(end, UK_PAGE_SIZE);
	} else {
		base = UK_ALIGN_DOWN(base, UK_PAGE_SIZE);
		end = UK_ALIGN_UP(end, UK_PAGE_SIZE);
	}
	if (base >= end || count > REGIONS - (kind == UK_PLAT_RAM ? REGIONS_KEPT : 3))
		return;
	first = cut(base);
	replace(first, cut(end) - first, (struct uk_plat_region){base, end - base, kind});
	join(first + 1);
	join(first);
}

uint64_t uk_kvm_region_take(size_t pages, uint64_t limit)
{
	const size_t size = pages * UK_PAGE_SIZE;

	for (size_t i = 0; i < count; i++) {
		const uint64_t base = map[i].base;

		if (map[i].kind == UK_PLAT_RAM && map[i].size >= size && base + size <= limit) {
			uk_kvm_region_set(base, base + size, UK_PLAT_RESERVED);
			return base;
		}
	}
	return 0;
}

/* Enter the monitor's ranges, either those of RAM or all others. */
static void add(const struct uk_kvm_start_info *info, bool ram)
{
	const struct uk_kvm_memory *m = (const struct uk_kvm_memory *)info->memory_map;

	for (uint32_t i = 0; i < info->memory_map_entries; i++, m++)
		if ((m->type == UK_KVM_PVH_RAM) == ram)
			uk_kvm_region_set(m->base, UK_MIN(m->base + m->size, UK_KVM_RAM_END),
					  ram ? UK_PLAT_RAM : UK_PLAT_RESERVED);
}

void uk_kvm_region_init(const struct uk_kvm_start_info *info)
{
	static const char missing[] = "the monitor gave no memory map\n";
	const uint64_t at = info->memory_map;

	if (info->magic != UK_KVM_PVH_MAGIC || info->version == 0 || at == 0 || at >= UK_KVM_COARSE_END) {
		uk_plat_console_write(missing, sizeof(missing) - 1);
		uk_plat_crash();
	}
	add(info, true);
	add(info, false);
	uk_kvm_region_set(0, UK_PAGE_SIZE, UK_PLAT_RESERVED);
	/* The page tables are built while these two are still being read. */
	uk_kvm_region_set((uintptr_t)info, (uintptr_t)(info + 1), UK_PLAT_RESERVED);
	uk_kvm_region_set(at, at + info->memory_map_entries * sizeof(struct uk_kvm_memory), UK_PLAT_RESERVED);
	uk_kvm_region_set((uintptr_t)uk_kvm_image, (uintptr_t)uk_kvm_image_end, UK_PLAT_IMAGE);
}
