/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The memory map: the image, and one stretch of address space that the kernel fills when it is touched. */

#include <uk/base.h>
#include <uk/param.h>
#include <uk/plat/memory.h>

#include "linux.h"
#include "mman.h"
#include "report.h"
#include "syscall.h"

#define MEMORY_DEFAULT ((size_t)256 << 20)
#define MEMORY_ADDRESS 0x100000000 /* a wish: the same from run to run, and aligned for the largest pages */

/* It costs nothing until it is used, so the default is one that every machine and every limit on address space bears.
 */
static size_t memory = MEMORY_DEFAULT;
UK_PARAM_SIZE("mem", memory, "memory of the process, default 256M: address space that costs nothing until it is used");

const struct uk_plat_region *uk_plat_memory_map(size_t *count)
{
	static struct uk_plat_region map[2];
	static size_t regions;
	const size_t size = UK_ALIGN_DOWN(memory, UK_PAGE_SIZE);

	*count = regions;
	if (regions)
		return map;
	const uintptr_t start = UK_ALIGN_DOWN((uintptr_t)uk_linux_image, UK_PAGE_SIZE);
	const uintptr_t end = UK_ALIGN_UP((uintptr_t)uk_linux_image_end, UK_PAGE_SIZE);
	const long at =
	    uk_linux_call6(UK_LINUX_MMAP, MEMORY_ADDRESS, (long)size, UK_LINUX_PROT_READ | UK_LINUX_PROT_WRITE,
			   UK_LINUX_MAP_PRIVATE | UK_LINUX_MAP_ANONYMOUS | UK_LINUX_MAP_NORESERVE, -1, 0);

	map[0] = (struct uk_plat_region){start, end - start, UK_PLAT_IMAGE};
	map[1] = (struct uk_plat_region){(uintptr_t)at, size, UK_PLAT_RAM};
	regions = at < 0 && at > -4096 ? 1 : 2;
	if (regions == 1)
		uk_linux_report("mem: this much address space is not to be had; try a smaller mem=\n");
	*count = regions;
	return map;
}
