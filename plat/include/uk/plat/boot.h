/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Platform contract: what the platform tells the system at start, and how the system ends.
 *
 * Order of events: the platform's entry code sets up a stack, a TLS block for the boot thread, the console,
 * the clock and the memory map, and then calls uk_boot_start(), which never returns. Every function of the
 * contract may be called from then on; those that may be called in an interrupt handler say so. */
#pragma once

#include <stddef.h>

/* Provided by lib/core/boot, called once by the platform on the boot stack with interrupts masked. */
_Noreturn void uk_boot_start(void);

/* The command line as the platform received it, NUL-terminated, without the program's name and without what a
 * monitor appended of its own (QEMU's virtio_mmio.device=…). A process' argument vector is joined with shell-like
 * quotes. Owned by the platform, valid for ever. Never NULL. Context: any. */
const char *uk_plat_cmdline(void);

/* The name of the platform as in its folder: "kvm", "linux", "host". Context: any. */
const char *uk_plat_name(void);

/* The files handed over by the monitor (PVH module, --initrd of a process): address and, in *size, bytes.
 * NULL with *size = 0 if there are none. Read only, valid for ever. Context: any. */
const void *uk_plat_initrd(size_t *size);

/* End the machine or process with a status as of exit(3): only the low eight bits count, and a monitor may keep
 * seven. Runs no handler of any library: uk_boot_exit() does that. Context: any. */
_Noreturn void uk_plat_exit(int status);

/* End it after a panic: the status is UK_PLAT_CRASH_STATUS on every platform. Context: any. */
#define UK_PLAT_CRASH_STATUS 99
_Noreturn void uk_plat_crash(void);
