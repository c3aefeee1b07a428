/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What the firmware's tables say about CPUs and interrupts. The tables are input: whatever is in them, the functions
 * end, and read through `read` only. No state. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define UK_FIRMWARE_CPUS 64 /* as many as can be configured; further ones are left out */
#define UK_FIRMWARE_IOAPICS 8
#define UK_FIRMWARE_ISA_LINES 16

struct uk_firmware {
	unsigned cpus, ioapics;
	uint32_t apic_id[UK_FIRMWARE_CPUS]; /* of the CPUs that may be used, each once */
	struct {
		uint32_t address, first; /* physical; the number of its first line */
	} ioapic[UK_FIRMWARE_IOAPICS];
	/* Where the lines of ISA devices end, and how they signal. */
	struct {
		uint32_t line;
		uint16_t flags; /* as in the tables: */
	} isa[UK_FIRMWARE_ISA_LINES];
};
#define UK_FIRMWARE_POLARITY                                                                                           \
	3u /* bits of flags (ACPI 6.4, table 5.26; MP 1.4, table 4-10), 0: as usual for the bus                        \
	    */
#define UK_FIRMWARE_ACTIVE_LOW 3u
#define UK_FIRMWARE_TRIGGER 12u
#define UK_FIRMWARE_TRIGGER_LEVEL 12u

/* Copies size bytes of physical memory to buf: 0, or -errno where it cannot be read. */
typedef int uk_firmware_read(uint64_t address, void *buf, size_t size);

/* Fill in *f from the ACPI tables whose root pointer is at rsdp, or is searched for if that is 0; from the MP tables.
 * 0; -ENOENT if there are none; -EINVAL if they are broken or name no CPU. In both cases *f is as on a machine without
 * tables: no CPU, no I/O APIC, ISA lines as they are numbered. Context: as `read`. */
int uk_firmware_acpi(uk_firmware_read *read, uint64_t rsdp, struct uk_firmware *f);
int uk_firmware_mp(uk_firmware_read *read, struct uk_firmware *f);
