/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The start information of the PVH boot protocol (Xen xen/include/public/arch-x86/hvm/start_info.h, described in
 * docs/misc/pvh). All addresses are physical. */
#pragma once

#include <stdint.h>

#define UK_KVM_PVH_MAGIC 0x336ec578
#define UK_KVM_PVH_RAM 1 /* type of an entry of the memory map, as in E820 */

struct uk_kvm_start_info {
	uint32_t magic, version, flags, modules;
	uint64_t module_list, cmdline, rsdp;
	uint64_t memory_map; /* from version 1 on */
	uint32_t memory_map_entries, reserved;
};

struct uk_kvm_module {
	uint64_t base, size, cmdline, reserved;
};

struct uk_kvm_memory {
	uint64_t base, size;
	uint32_t type, reserved;
};
