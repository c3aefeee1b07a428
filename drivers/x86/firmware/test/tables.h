/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* A small physical memory for tests: the BIOS area, and the word that names the extended BIOS data area. */
#pragma once

#include <errno.h>
#include <string.h>

#include <uk/base.h>
#include <uk/firmware.h>

#define AREA 0xe0000u
#define AREA_SIZE 0x20000u
#define EBDA_WORD 0x40eu

static uint8_t area[AREA_SIZE];
static uint8_t ebda[2];

static inline int area_read(uint64_t address, void *buf, size_t size)
{
	if (address == EBDA_WORD && size == sizeof(ebda)) {
		memcpy(buf, ebda, size);
		return 0;
	}
	if (address < AREA || address > AREA + AREA_SIZE || size > AREA + AREA_SIZE - address)
		return -EFAULT;
	memcpy(buf, area + (address - AREA), size);
	return 0;
}

static inline void put(uint32_t at, uint64_t value, unsigned size)
{
	memcpy(area + (at - AREA), &value, size);
}

/* Make the bytes add up to 0 by the one at `sum`. */
static inline void seal(uint32_t at, size_t size, uint32_t sum)
{
	uint8_t total = 0;

	put(sum, 0, 1);
	for (size_t i = 0; i < size; i++)
		total = (uint8_t)(total + area[at - AREA + i]);
	put(sum, (uint8_t)-total, 1);
}

#define RSDP_AT (AREA + 0x400)
#define RSDT_AT (AREA + 0x1004) /* not aligned to 8 */
#define MADT_AT (AREA + 0x2001)
#define MP_AT (AREA + 0x10010)
#define MP_TABLE_AT (AREA + 0x11003)

static inline void make_header(uint32_t at, const char *name, uint32_t size)
{
	memcpy(area + (at - AREA), name, 4);
	put(at + 4, size, 4);
	seal(at, size, at + 9);
}

/* ACPI tables around the entries of a MADT: root pointer of revision 0 or 2, root table, MADT. */
static inline void make_acpi(const void *entries, size_t size, unsigned revision)
{
	const unsigned width = revision ? 8 : 4;

	memcpy(area + (RSDP_AT - AREA), "RSD PTR ", 8);
	put(RSDP_AT + 15, revision, 1);
	put(RSDP_AT + 16, revision ? 0 : RSDT_AT, 4);
	put(RSDP_AT + 20, 36, 4);
	put(RSDP_AT + 24, revision ? RSDT_AT : 0, 8);
	seal(RSDP_AT, 20, RSDP_AT + 8);
	seal(RSDP_AT, 36, RSDP_AT + 32);
	put(RSDT_AT + 36, 0, width); /* tables that cannot be read are passed over */
	put(RSDT_AT + 36 + width, 0xffffff00, width);
	put(RSDT_AT + 36 + 2 * width, MADT_AT, width);
	make_header(RSDT_AT, revision ? "XSDT" : "RSDT", 36 + 3 * width);
	memcpy(area + (MADT_AT - AREA) + 44, entries, size);
	make_header(MADT_AT, "APIC", 44 + (uint32_t)size);
}

/* An MP floating pointer and its table around the entries. */
static inline void make_mp(const void *entries, size_t size)
{
	memcpy(area + (MP_AT - AREA), "_MP_", 4);
	put(MP_AT + 4, MP_TABLE_AT, 4);
	put(MP_AT + 8, 0x0401, 2);
	seal(MP_AT, 16, MP_AT + 10);
	memcpy(area + (MP_TABLE_AT - AREA), "PCMP", 4);
	put(MP_TABLE_AT + 4, 44 + size, 2);
	memcpy(area + (MP_TABLE_AT - AREA) + 44, entries, size);
	seal(MP_TABLE_AT, 44 + size, MP_TABLE_AT + 7);
}
