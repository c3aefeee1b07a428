/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What the firmware says about this machine, looked for when it is first asked. */

#include <errno.h>
#include <string.h>

#include <uk/base.h>
#include <uk/kvm.h>
#include <uk/plat/console.h>
#include <uk/plat/cpu.h>

#include "kvm.h"
#include "machine.h"
#include "map.h"

/* Copy from one page, which is mapped for that long if it is not. */
static int read_page(uint64_t at, void *buf, size_t size)
{
	const unsigned long state = uk_kvm_map_lock();
	const bool mapped = uk_kvm_mapped(at);
	uint64_t *slot = mapped ? NULL : uk_kvm_table_slot(at, 0, true);

	if (slot)
		*slot = UK_ALIGN_DOWN(at, UK_PAGE_SIZE) | UK_KVM_PRESENT | uk_kvm_nx;
	if (mapped || slot)
		memcpy(buf, (const void *)at, size);
	if (slot) {
		*slot = 0;
		__asm__ volatile("invlpg (%0)" : : "r"(at) : "memory");
	}
	uk_kvm_map_unlock(state);
	return mapped || slot ? 0 : -EFAULT;
}

static int read(uint64_t address, void *buf, size_t size)
{
	int err = 0;

	if (address > UK_KVM_RAM_END || size > UK_KVM_RAM_END - address)
		return -EFAULT;
	while (size > 0 && !err) {
		const size_t n = UK_MIN(size, UK_PAGE_SIZE - (address & (UK_PAGE_SIZE - 1)));

		err = read_page(address, buf, n);
		address += n;
		buf = (char *)buf + n;
		size -= n;
	}
	return err;
}

static void look(struct uk_firmware *f)
{
	static const char broken[] = "the firmware's tables of CPUs and interrupts are broken and not used\n";
	struct uk_firmware mp;
	int err = uk_firmware_acpi(read, uk_kvm_rsdp(), f);

	if (err) {
		const int mp_err = uk_firmware_mp(read, &mp);

		if (mp_err == 0)
			*f = mp;
		if (mp_err != -ENOENT)
			err = mp_err;
	}
	if (err == -EINVAL)
		uk_plat_console_write(broken, sizeof(broken) - 1);
}

const struct uk_firmware *uk_kvm_machine(void)
{
	static struct uk_firmware found;
	static bool done;

	if (!done)
		look(&found);
	done = true;
	return &found;
}
