/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The parts that both kinds of tables need, and the ACPI tables (ACPI 6.4, 5.2). The structures are copied out piece
 * by piece, since nothing says that they are aligned or that the memory between them can be read. */

#include <uk/firmware.h>

#include <errno.h>
#include <string.h>

#include <uk/base.h>

#include "parts.h"

#define RSDP_AREA 0xe0000 /* where it is searched for, on multiples of 16 (5.2.5.1) */
#define RSDP_SIZE 20
#define RSDP_SIZE_2 36
#define HEADER_SIZE 36
#define MADT_FIXED 44
#define TABLE_MAX 0x10000 /* bytes of a table that is still believed */

/* Offsets. */
enum {
	RSDP_REVISION = 15,
	RSDP_RSDT = 16,
	RSDP_XSDT = 24,
	HEADER_LENGTH = 4
};

/* The kinds of entries of the MADT (5.2.12), with the least size of each. */
enum {
	MADT_LAPIC = 0,     /* 8: processor, APIC id, flags */
	MADT_IOAPIC = 1,    /* 12: id, reserved, address, first line */
	MADT_OVERRIDE = 2,  /* 10: bus, source, line, flags */
	MADT_X2APIC = 9,    /* 16: reserved, APIC id, flags, processor */
	MADT_ENTRY_MAX = 16 /* bytes of an entry that are looked at */
};
#define CPU_ENABLED 1u

uint32_t uk_firmware_word(const uint8_t *p, unsigned size)
{
	uint32_t value = 0;

	memcpy(&value, p, size);
	return value;
}

int uk_firmware_sum(uk_firmware_read *read, uint64_t address, size_t size)
{
	uint8_t buf[64], sum = 0;

	for (size_t at = 0; at < size; at += sizeof(buf)) {
		const size_t n = UK_MIN(sizeof(buf), size - at);

		if (read(address + at, buf, n))
			return -EINVAL;
		for (size_t i = 0; i < n; i++)
			sum = (uint8_t)(sum + buf[i]);
	}
	return sum ? -EINVAL : 0;
}

uint64_t uk_firmware_search(uk_firmware_read *read, uint64_t from, uint64_t end, const char *text, size_t size)
{
	const size_t len = strlen(text);
	uint8_t buf[256];

	for (uint64_t at = from; at + sizeof(buf) <= end; at += sizeof(buf)) {
		if (read(at, buf, sizeof(buf)))
			continue;
		for (unsigned i = 0; i < sizeof(buf); i += 16)
			if (memcmp(buf + i, text, len) == 0 && uk_firmware_sum(read, at + i, size) == 0)
				return at + i;
	}
	return 0;
}

void uk_firmware_default(struct uk_firmware *f)
{
	memset(f, 0, sizeof(*f));
	for (unsigned i = 0; i < UK_FIRMWARE_ISA_LINES; i++)
		f->isa[i].line = i;
}

void uk_firmware_cpu(struct uk_firmware *f, uint32_t apic_id)
{
	for (unsigned i = 0; i < f->cpus; i++)
		if (f->apic_id[i] == apic_id)
			return;
	if (f->cpus < UK_FIRMWARE_CPUS)
		f->apic_id[f->cpus++] = apic_id;
}

void uk_firmware_ioapic(struct uk_firmware *f, uint32_t address, uint32_t first)
{
	if (f->ioapics >= UK_FIRMWARE_IOAPICS || address & 0xf || address == 0)
		return;
	f->ioapic[f->ioapics].address = address;
	f->ioapic[f->ioapics++].first = first;
}

void uk_firmware_isa(struct uk_firmware *f, unsigned source, uint32_t line, unsigned flags)
{
	if (source >= UK_FIRMWARE_ISA_LINES)
		return;
	f->isa[source].line = line;
	f->isa[source].flags = (uint16_t)flags;
}

static uint32_t byte(const uint8_t *p)
{
	return *p;
}

static void madt_entry(struct uk_firmware *f, const uint8_t *e, unsigned size)
{
	const unsigned kind = e[0];

	if (kind == MADT_LAPIC && size >= 8 && e[3] != 0xff && byte(e + 4) & CPU_ENABLED)
		uk_firmware_cpu(f, e[3]);
	else if (kind == MADT_X2APIC && size >= 16 && byte(e + 8) & CPU_ENABLED)
		uk_firmware_cpu(f, uk_firmware_word(e + 4, 4));
	else if (kind == MADT_IOAPIC && size >= 12)
		uk_firmware_ioapic(f, uk_firmware_word(e + 4, 4), uk_firmware_word(e + 8, 4));
	else if (kind == MADT_OVERRIDE && size >= 10 && e[2] == 0)
		uk_firmware_isa(f, e[3], uk_firmware_word(e + 4, 4), uk_firmware_word(e + 8, 2));
}

static int madt(uk_firmware_read *read, uint64_t address, size_t size, struct uk_firmware *f)
{
	uint8_t e[MADT_ENTRY_MAX];

	for (size_t at = MADT_FIXED; at + 2 <= size; at += e[1]) {
		if (read(address + at, e, 2) || e[1] < 2 || e[1] > size - at ||
		    read(address + at, e, UK_MIN(e[1], sizeof(e))))
			return -EINVAL;
		madt_entry(f, e, e[1]);
	}
	return f->cpus ? 0 : -EINVAL;
}

/* The size of the table at the address, if it has this name and its checksum is right; else 0. */
static size_t table(uk_firmware_read *read, uint64_t address, const char *name)
{
	uint8_t header[HEADER_SIZE];
	uint32_t size;

	if (address == 0 || read(address, header, sizeof(header)) || memcmp(header, name, 4) != 0)
		return 0;
	size = uk_firmware_word(header + HEADER_LENGTH, 4);
	if (size < HEADER_SIZE || size > TABLE_MAX || uk_firmware_sum(read, address, size))
		return 0;
	return size;
}

static uint64_t address_at(uk_firmware_read *read, uint64_t at, unsigned size)
{
	uint64_t value = 0;

	return read(at, &value, size) ? 0 : value;
}

/* Look for the MADT among the tables that the root table names. */
static int root(uk_firmware_read *read, uint64_t address, const char *name, unsigned width, struct uk_firmware *f)
{
	const size_t size = table(read, address, name);

	for (size_t at = HEADER_SIZE; at + width <= size; at += width) {
		const uint64_t entry = address_at(read, address + at, width);
		const size_t len = table(read, entry, "APIC");

		if (len)
			return madt(read, entry, len, f);
	}
	return -EINVAL;
}

int uk_firmware_acpi(uk_firmware_read *read, uint64_t rsdp, struct uk_firmware *f)
{
	uint8_t p[RSDP_SIZE_2] = {0};
	int err;

	uk_firmware_default(f);
	if (rsdp == 0)
		rsdp = uk_firmware_search(read, RSDP_AREA, 0x100000, "RSD PTR ", RSDP_SIZE);
	if (rsdp == 0)
		return -ENOENT;
	if (read(rsdp, p, RSDP_SIZE) || memcmp(p, "RSD PTR ", 8) != 0 || uk_firmware_sum(read, rsdp, RSDP_SIZE))
		return -EINVAL;
	if (p[RSDP_REVISION] >= 2 && (read(rsdp, p, RSDP_SIZE_2) || uk_firmware_sum(read, rsdp, RSDP_SIZE_2)))
		return -EINVAL;
	if (p[RSDP_REVISION] >= 2 && uk_firmware_word(p + RSDP_XSDT, 4) | uk_firmware_word(p + RSDP_XSDT + 4, 4))
		err = root(read, address_at(read, rsdp + RSDP_XSDT, 8), "XSDT", 8, f);
	else
		err = root(read, uk_firmware_word(p + RSDP_RSDT, 4), "RSDT", 4, f);
	if (err)
		uk_firmware_default(f);
	return err;
}
