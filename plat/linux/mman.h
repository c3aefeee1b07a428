/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Flags of mmap(2) and its kin (Linux include/uapi/asm-generic/mman-common.h). */
#pragma once

enum {
	UK_LINUX_PROT_READ = 1,
	UK_LINUX_PROT_WRITE = 2,
	UK_LINUX_PROT_EXEC = 4,
	UK_LINUX_MAP_PRIVATE = 2,
	UK_LINUX_MAP_ANONYMOUS = 0x20,
	UK_LINUX_MAP_NORESERVE = 0x4000,
	UK_LINUX_MAP_FIXED_NOREPLACE = 0x100000,
	UK_LINUX_MS_ASYNC = 1,
};
