/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What acpi.c has for mp.c, too. */
#pragma once

#include <uk/firmware.h>

/* The little-endian number of 1 to 4 bytes at p. */
uint32_t uk_firmware_word(const uint8_t *p, unsigned size);

/* 0 if the bytes can be read and add up to 0, else -EINVAL. */
int uk_firmware_sum(uk_firmware_read *read, uint64_t address, size_t size);

/* The first multiple of 16 in [from, end) where the text stands and size bytes add up to 0; 0 if there is none. */
uint64_t uk_firmware_search(uk_firmware_read *read, uint64_t from, uint64_t end, const char *text, size_t size);

/* What holds without tables: no CPU and no I/O APIC known, ISA lines as numbered. */
void uk_firmware_default(struct uk_firmware *f);

/* Note a CPU, an I/O APIC, where an ISA line ends; what does not fit or makes no sense is left out. */
void uk_firmware_cpu(struct uk_firmware *f, uint32_t apic_id);
void uk_firmware_ioapic(struct uk_firmware *f, uint32_t address, uint32_t first);
void uk_firmware_isa(struct uk_firmware *f, unsigned source, uint32_t line, unsigned flags);
