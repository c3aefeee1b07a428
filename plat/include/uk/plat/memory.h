/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Platform contract: the memory map and the page tables.
 *
 * All addresses are virtual unless they are called physical. RAM is mapped read-write, not executable, when the
 * system starts; the image is mapped W^X; page zero is never mapped. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define UK_PAGE_SHIFT 12
#define UK_PAGE_SIZE ((size_t)1 << UK_PAGE_SHIFT)

enum uk_plat_region_kind {
	UK_PLAT_RAM,      /* free memory: the page allocator may take it */
	UK_PLAT_IMAGE,    /* text, data, bss and boot stack of the image */
	UK_PLAT_INITRD,   /* the files handed over by the monitor */
	UK_PLAT_RESERVED, /* memory that must not be touched: firmware, page tables, boot information */
};

struct uk_plat_region {
	uintptr_t base; /* page-aligned for UK_PLAT_RAM */
	size_t size;    /* bytes; a multiple of the page size for UK_PLAT_RAM */
	enum uk_plat_region_kind kind;
};

/* The memory map: *count regions in ascending order, disjoint. Owned by the platform, valid for ever.
 * RAM may be given in address space that is populated on first touch (linux). Context: any. */
const struct uk_plat_region *uk_plat_memory_map(size_t *count);

/* What a mapping allows. Write without read, and write with exec, are refused with -EINVAL. */
enum {
	UK_PLAT_READ = 1,
	UK_PLAT_WRITE = 2,
	UK_PLAT_EXEC = 4,
	UK_PLAT_DEVICE = 8, /* uncached device memory */
};

/* One step of a batch: [va, va + size), page-aligned. */
struct uk_plat_mapping {
	uintptr_t va;
	uint64_t pa; /* uk_plat_map() only: physical address; UK_PLAT_ANY takes fresh zeroed memory where supported */
	size_t size;
	unsigned prot;
};
#define UK_PLAT_ANY UINT64_MAX

/* Map, change the protection of, or unmap a batch of ranges, which must not overlap; every protection includes
 * UK_PLAT_READ. All ranges are checked first, and nothing was changed on
 *   -EINVAL   alignment, address or protection;
 *   -ENOTSUP  map: kvm has no UK_PLAT_ANY, linux nothing but that and pa equal to va;
 *   -EEXIST   map: already mapped;
 *   -ENOENT   protect, unmap: not mapped;
 *   -ENOMEM   no page for a table.
 * Returns 0 when all were done and are visible to this CPU. Page tables come from pages given with
 * uk_plat_table_pages(). Context: not in an interrupt handler. */
int uk_plat_map(const struct uk_plat_mapping *m, size_t n);
int uk_plat_protect(const struct uk_plat_mapping *m, size_t n);
int uk_plat_unmap(const struct uk_plat_mapping *m, size_t n);

/* Where the platform takes pages for page tables from, set by the page allocator: take returns one zero-filled page
 * or NULL. Until it is set, only the platform's own small reserve is used. Context: once, during boot. */
void uk_plat_table_pages(void *(*take)(void), void (*give)(void *page));

/* The physical address behind va, for devices; UINT64_MAX if it is not mapped. On linux the address itself.
 * Context: any. */
uint64_t uk_plat_phys(const void *va);
