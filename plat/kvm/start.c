/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* From entry.S to uk_boot_start(): thread-local storage, traps, command line, memory. */

#include <string.h>

#include <uk/arch/cpu.h>
#include <uk/arch/tls.h>
#include <uk/kvm.h>
#include <uk/lock.h>
#include <uk/plat/boot.h>
#include <uk/plat/cpu.h>

#include "io.h"
#include "kvm.h"
#include "pvh.h"
#include "smp.h"

#define MSR_FS_BASE 0xc0000100

#define CMDLINE_MAX 4096 /* as much as QEMU's PVH loader takes */
#define DEVICES_MAX 1280 /* 24 devices of microvm with the longest numbers */

static const char device_word[] = "virtio_mmio.device=";

/* Copies, since monitors keep the original in all sorts of places. */
static char cmdline[CMDLINE_MAX], devices[DEVICES_MAX];
static const void *initrd;
static size_t initrd_size;
static uint64_t rsdp;

/* Copy the line, but for the monitor's words: what follows their = goes to devices. */
static void split_cmdline(const char *in)
{
	char *out = cmdline, *dev = devices;
	bool word_start = true;
	size_t len;

	while (*in && out < cmdline + CMDLINE_MAX - 1) {
		if (!word_start || strncmp(in, device_word, sizeof(device_word) - 1) != 0) {
			word_start = *in == ' ';
			*out++ = *in++;
			continue;
		}
		in += sizeof(device_word) - 1;
		len = (size_t)(strchrnul(in, ' ') - in);
		if (len + 1 < (size_t)(devices + DEVICES_MAX - dev)) { /* a device is there as a whole or not at all */
			dev = (char *)memcpy(dev, in, len) + len;
			*dev++ = ' ';
		}
		in += len;
	}
}

/* Only the first GiB can be read before the page tables are built; every monitor keeps its structures there. */
static bool reachable(uint64_t at)
{
	return at != 0 && at < UK_KVM_COARSE_END - UK_PAGE_SIZE;
}

static void find_initrd(const struct uk_kvm_start_info *info)
{
	const struct uk_kvm_module *module = (const struct uk_kvm_module *)info->module_list;

	if (info->modules == 0 || !reachable(info->module_list) || module->size == 0)
		return;
	if (module->size > UK_KVM_RAM_END || module->base > UK_KVM_RAM_END - module->size)
		return;
	initrd = (const void *)module->base;
	initrd_size = module->size;
	uk_kvm_region_set(module->base, module->base + module->size, UK_PLAT_INITRD);
}

void uk_kvm_start(const struct uk_kvm_start_info *info)
{
	if (UK_SMP)
		uk_kvm_smp_boot();
	uk_kvm_wrmsr(MSR_FS_BASE, (uintptr_t)uk_arch_tls_boot(uk_kvm_boot_tls, uk_kvm_canary()));
	uk_kvm_trap_init();
	uk_kvm_region_init(info);
	if (reachable(info->cmdline))
		split_cmdline((const char *)info->cmdline);
	find_initrd(info);
	rsdp = info->rsdp;
	if (UK_SMP)
		uk_kvm_smp_reserve();
	uk_kvm_tables_init(info);
	uk_boot_start();
}

const char *uk_plat_name(void)
{
	return "kvm";
}

const char *uk_plat_cmdline(void)
{
	return cmdline;
}

const void *uk_plat_initrd(size_t *size)
{
	*size = initrd_size;
	return initrd;
}

const char *uk_kvm_mmio_devices(void)
{
	return devices;
}

uint64_t uk_kvm_rsdp(void)
{
	return rsdp;
}
