/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Lines of the I/O APICs (82093AA data sheet). microvm has two, 64 KiB apart, with 24 lines each. */

#include <errno.h>

#include "irq.h"
#include "kvm.h"

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
#define IOAPIC_LEVEL 0x8000u
#define IOAPIC_MASKED 0x10000u
#define ISA_LINES 16 /* these are edge-triggered, PCI's and those of virtio-mmio on the second level-triggered */

/* The line's redirection register; NULL if there is no such line. */
static volatile uint32_t *select(unsigned line, uint32_t *reg)
{
	volatile uint32_t *io = uk_kvm_device(IOAPIC + IOAPIC_STRIDE * (line / IOAPIC_LINES));
	const unsigned pin = line % IOAPIC_LINES;

	if (!io)
		return NULL;
	io[IOAPIC_SELECT] = IOAPIC_VERSION;
	const uint32_t version = io[IOAPIC_WINDOW];

	if (version == 0 || version == UINT32_MAX || (version >> 16 & 0xff) < pin)
		return NULL;
	*reg = IOAPIC_REDIRECTION + 2 * pin;
	return io;
}

int uk_kvm_ioapic_set(unsigned line, bool on)
{
	uint32_t reg;
	volatile uint32_t *io = select(line, &reg);

	if (!io)
		return -EINVAL;
	io[IOAPIC_SELECT] = reg + 1;
	io[IOAPIC_WINDOW] = 0; /* to the boot CPU */
	io[IOAPIC_SELECT] = reg;
	io[IOAPIC_WINDOW] =
	    (UK_KVM_VECTOR_BASE + line) | (line < ISA_LINES ? 0 : IOAPIC_LEVEL) | (on ? 0 : IOAPIC_MASKED);
	return 0;
}
