/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Lines of the I/O APICs (82093AA data sheet), where the firmware says that they are; else as on microvm, which has
 * two, 64 KiB apart, with 24 lines each. All go to the boot CPU. */

#include <plat/kvm/config.h>

#include <errno.h>

#include "irq.h"
#include "kvm.h"
#include "machine.h"
#include "percpu.h"

#define IOAPIC 0xfec00000
#define IOAPIC_STRIDE 0x10000
#define IOAPIC_LINES 24
/* Registers: one selects, the other is the one selected. */
enum {
	IOAPIC_SELECT = 0,
	IOAPIC_WINDOW = 0x10 / 4,
	IOAPIC_VERSION = 1,
	IOAPIC_REDIRECTION = 0x10
};
#define IOAPIC_LOW 0x2000u
#define IOAPIC_LEVEL 0x8000u
#define IOAPIC_MASKED 0x10000u

/* Where a line ends: the registers of its I/O APIC, and the first of its two redirection registers. */
struct pin {
	volatile uint32_t *io;
	uint32_t reg, mode;
};

static struct pin at(uint64_t address, uint32_t line)
{
	volatile uint32_t *io = uk_kvm_device(address);

	if (io) {
		io[IOAPIC_SELECT] = IOAPIC_VERSION;
		const uint32_t version = io[IOAPIC_WINDOW];

		if (version != 0 && version != UINT32_MAX && line <= (version >> 16 & 0xff))
			return (struct pin){.io = io, .reg = IOAPIC_REDIRECTION + 2 * line};
	}
	return (struct pin){0};
}

static struct pin usual(uint32_t line)
{
	return at(IOAPIC + IOAPIC_STRIDE * (line / IOAPIC_LINES), line % IOAPIC_LINES);
}

/* The one that has the line: of those that the firmware names, else at the usual place. */
static struct pin find(const struct uk_firmware *f, uint32_t line)
{
	for (unsigned i = 0; i < f->ioapics; i++) {
		const uint32_t first = f->ioapic[i].first;
		const struct pin pin = line >= first ? at(f->ioapic[i].address, line - first) : (struct pin){0};

		if (pin.io)
			return pin;
	}
	return usual(line);
}

/* ISA's lines are edge-triggered unless the firmware says otherwise; PCI's, and those of virtio-mmio on the second I/O
 * APIC, are level-triggered. */
static struct pin pin_of(unsigned line)
{
	const struct uk_firmware *f = UK_ENABLED(PLAT_KVM_FIRMWARE) ? uk_kvm_machine() : NULL;
	const bool isa = line < UK_FIRMWARE_ISA_LINES;
	struct pin pin;

	if (!f || !isa) {
		pin = f ? find(f, line) : usual(line);
		pin.mode = isa ? 0 : IOAPIC_LEVEL;
		return pin;
	}
	pin = find(f, f->isa[line].line);
	if ((f->isa[line].flags & UK_FIRMWARE_TRIGGER) == UK_FIRMWARE_TRIGGER_LEVEL)
		pin.mode |= IOAPIC_LEVEL;
	if ((f->isa[line].flags & UK_FIRMWARE_POLARITY) == UK_FIRMWARE_ACTIVE_LOW)
		pin.mode |= IOAPIC_LOW;
	return pin;
}

int uk_kvm_ioapic_set(unsigned line, bool on)
{
	const struct pin pin = pin_of(line);

	if (!pin.io)
		return -EINVAL;
	pin.io[IOAPIC_SELECT] = pin.reg + 1;
	pin.io[IOAPIC_WINDOW] = uk_kvm_cpus[0].apic_id << 24;
	pin.io[IOAPIC_SELECT] = pin.reg;
	pin.io[IOAPIC_WINDOW] = (UK_KVM_VECTOR_BASE + line) | pin.mode | (on ? 0 : IOAPIC_MASKED);
	return 0;
}
