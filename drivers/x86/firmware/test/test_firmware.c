/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <uk/test.h>

#include "tables.h"

static struct uk_firmware f;

static int start_empty(void)
{
	memset(area, 0, sizeof(area));
	memset(ebda, 0, sizeof(ebda));
	memset(&f, 0xa5, sizeof(f));
	return 0;
}
UK_TEST_FIXTURE(firmware, start_empty, NULL);

/* What a machine without tables looks like. */
static void check_nothing(void)
{
	UK_CHECK_EQ(f.cpus, 0);
	UK_CHECK_EQ(f.ioapics, 0);
	for (unsigned i = 0; i < UK_FIRMWARE_ISA_LINES; i++)
		UK_CHECK_EQ(f.isa[i].line == i && f.isa[i].flags == 0, true);
}

/* CPU 0, a disabled one, CPU 4, CPU 0 again, x2APIC 0x12345, an I/O APIC, line 0 at 2, line 9 level-triggered, an entry
 * of an unknown kind, an override of another bus. */
static const uint8_t madt[] = {
    0, 8,  0, 0, 1,    0,    0,    0,    0,    8,  1, 1, 0,    0,    0,  0, 0, 8,    2, 4, 1, 0, 0, 0,
    0, 8,  3, 0, 1,    0,    0,    0,    9,    16, 0, 0, 0x45, 0x23, 1,  0, 1, 0,    0, 0, 9, 0, 0, 0,
    1, 12, 7, 0, 0x00, 0x10, 0xc0, 0xfe, 24,   0,  0, 0, 2,    10,   0,  0, 2, 0,    0, 0, 0, 0, 2, 10,
    0, 9,  9, 0, 0,    0,    0xd,  0,    0x80, 5,  1, 2, 3,    2,    10, 1, 3, 0x30, 0, 0, 0, 0, 0,
};

static const unsigned revisions[] = {0, 2};

UK_TEST_EACH(firmware, acpi, unsigned, revisions)
{
	make_acpi(madt, sizeof(madt), *it);
	UK_CHECK_EQ(uk_firmware_acpi(area_read, RSDP_AT, &f), 0);
	UK_CHECK_EQ(f.cpus, 3);
	UK_CHECK_EQ(f.apic_id[0], 0);
	UK_CHECK_EQ(f.apic_id[1], 4);
	UK_CHECK_EQ(f.apic_id[2], 0x12345);
	UK_CHECK_EQ(f.ioapics, 1);
	UK_CHECK_EQ(f.ioapic[0].address, 0xfec01000);
	UK_CHECK_EQ(f.ioapic[0].first, 24);
	UK_CHECK_EQ(f.isa[0].line, 2);
	UK_CHECK_EQ(f.isa[9].line, 9);
	UK_CHECK_EQ(f.isa[9].flags & UK_FIRMWARE_TRIGGER, UK_FIRMWARE_TRIGGER_LEVEL);
	UK_CHECK(f.isa[9].flags != 0 && (f.isa[9].flags & UK_FIRMWARE_POLARITY) != UK_FIRMWARE_ACTIVE_LOW);
	UK_CHECK_EQ(f.isa[3].line, 3);
	UK_CHECK_EQ(uk_firmware_acpi(area_read, 0, &f), 0); /* found by searching, too */
	UK_CHECK_EQ(f.cpus, 3);
}

UK_TEST(firmware, nothing_there)
{
	UK_CHECK_EQ(uk_firmware_acpi(area_read, 0, &f), -ENOENT);
	check_nothing();
	UK_CHECK_EQ(uk_firmware_mp(area_read, &f), -ENOENT);
	check_nothing();
	UK_CHECK_EQ(uk_firmware_acpi(area_read, 0x1000, &f), -EINVAL);
	UK_CHECK_EQ(uk_firmware_acpi(area_read, UINT64_MAX, &f), -EINVAL);
	check_nothing();
}

/* Each byte that a checksum covers, changed: the tables are refused, or the change was to the checksum's good. */
UK_TEST(firmware, acpi_checksums_count)
{
	const struct {
		uint32_t at, size;
	} parts[] = {{RSDP_AT, 36}, {RSDT_AT, 60}, {MADT_AT, 44 + sizeof(madt)}};

	make_acpi(madt, sizeof(madt), 2);
	for (unsigned p = 0; p < UK_ARRAY_SIZE(parts); p++) {
		for (uint32_t i = 0; i < parts[p].size; i++) {
			area[parts[p].at - AREA + i] ^= 0x55;
			UK_CHECK_EQ(uk_firmware_acpi(area_read, RSDP_AT, &f), -EINVAL);
			check_nothing();
			area[parts[p].at - AREA + i] ^= 0x55;
		}
	}
	UK_CHECK_EQ(uk_firmware_acpi(area_read, RSDP_AT, &f), 0);
}

static const uint8_t madt_entries[][4] = {
    {0, 0}, {0, 1}, {0, 200}, {0, 5, 0, 0}, {1, 4, 0, 0}, {2, 4, 0, 0}, {9, 4, 0, 0}, {77, 3, 0, 2},
};

/* Entries without a length, longer than the table, shorter than their kind, nothing but such: no CPU, no hang. */
UK_TEST_EACH(firmware, bad_madt_entries, uint8_t, madt_entries)
{
	make_acpi(it, 4, 0);
	UK_CHECK_EQ(uk_firmware_acpi(area_read, RSDP_AT, &f), -EINVAL);
	check_nothing();
}

static const uint32_t lengths[] = {0, 1, 35, 0xffff, 0x10001, 0x7fffffff, 0xffffffff};

UK_TEST_EACH(firmware, bad_table_lengths, uint32_t, lengths)
{
	make_acpi(madt, sizeof(madt), 0);
	put(MADT_AT + 4, *it, 4);
	UK_CHECK_EQ(uk_firmware_acpi(area_read, RSDP_AT, &f), -EINVAL);
	make_acpi(madt, sizeof(madt), 0);
	put(RSDT_AT + 4, *it, 4);
	UK_CHECK_EQ(uk_firmware_acpi(area_read, RSDP_AT, &f), -EINVAL);
	make_mp(madt, 0);
	put(MP_TABLE_AT + 4, *it, 2);
	UK_CHECK_EQ(uk_firmware_mp(area_read, &f), -EINVAL);
	check_nothing();
}

UK_TEST(firmware, more_cpus_than_fit)
{
	uint8_t entries[100 * 8];

	for (unsigned i = 0; i < 100; i++)
		memcpy(entries + 8 * i, (uint8_t[]){0, 8, (uint8_t)i, (uint8_t)i, 1, 0, 0, 0}, 8);
	make_acpi(entries, sizeof(entries), 2);
	UK_CHECK_EQ(uk_firmware_acpi(area_read, RSDP_AT, &f), 0);
	UK_CHECK_EQ(f.cpus, UK_FIRMWARE_CPUS);
	UK_CHECK_EQ(f.apic_id[UK_FIRMWARE_CPUS - 1], UK_FIRMWARE_CPUS - 1);
}

/* CPU 0, a disabled one, CPU 2; a PCI and an ISA bus; an I/O APIC that may be used, one that may not; line 0 of ISA at
 * 2, line 5 level-triggered and active low, a line of PCI, one at the I/O APIC that may not be used, an NMI. */
static const uint8_t mp[] = {
    0,    0,    0x14, 3,    0,   0,   0,   0,   0,   0,   0, 0, 0,    0,  0,  0, 0,    0,    0,   0,   0,    1,
    0x14, 0,    0,    0,    0,   0,   0,   0,   0,   0,   0, 0, 0,    0,  0,  0, 0,    0,    0,   2,   0x14, 1,
    0,    0,    0,    0,    0,   0,   0,   0,   0,   0,   0, 0, 0,    0,  0,  0, 1,    0,    'P', 'C', 'I',  ' ',
    ' ',  ' ',  1,    1,    'I', 'S', 'A', ' ', ' ', ' ', 2, 9, 0x11, 1,  0,  0, 0xc0, 0xfe, 2,   8,   0x11, 0,
    0,    0x10, 0xc0, 0xfe, 3,   0,   0,   0,   1,   0,   9, 2, 3,    0,  15, 0, 1,    5,    9,   5,   3,    0,
    15,   0,    0,    6,    9,   16,  3,   0,   0,   0,   1, 7, 8,    17, 4,  1, 0,    0,    1,   8,   255,  1,
};

UK_TEST(firmware, mp_tables)
{
	make_mp(mp, sizeof(mp));
	UK_CHECK_EQ(uk_firmware_mp(area_read, &f), 0);
	UK_CHECK_EQ(f.cpus, 2);
	UK_CHECK_EQ(f.apic_id[1], 2);
	UK_CHECK_EQ(f.ioapics, 1);
	UK_CHECK_EQ(f.ioapic[0].address, 0xfec00000);
	UK_CHECK_EQ(f.isa[0].line, 2);
	UK_CHECK_EQ(f.isa[5].flags & UK_FIRMWARE_POLARITY, UK_FIRMWARE_ACTIVE_LOW);
	UK_CHECK_EQ(f.isa[5].flags & UK_FIRMWARE_TRIGGER, UK_FIRMWARE_TRIGGER_LEVEL);
	for (unsigned i = 6; i < UK_FIRMWARE_ISA_LINES; i++)
		UK_CHECK_EQ(f.isa[i].line, i);
}

UK_TEST(firmware, mp_tables_that_are_cut)
{
	for (size_t size = 0; size < sizeof(mp); size++) {
		int err;

		start_empty();
		make_mp(mp, size);
		err = uk_firmware_mp(area_read, &f);
		UK_CHECK(err == 0 || err == -EINVAL);
		if (err)
			check_nothing();
	}
}

UK_TEST(firmware, mp_checksums_count)
{
	make_mp(mp, sizeof(mp));
	for (uint32_t i = 0; i < 44 + sizeof(mp); i++) {
		area[MP_TABLE_AT - AREA + i] ^= 0x55;
		UK_CHECK_EQ(uk_firmware_mp(area_read, &f), -EINVAL);
		area[MP_TABLE_AT - AREA + i] ^= 0x55;
	}
	area[MP_AT - AREA + 9] ^= 1; /* what does not add up is no floating pointer */
	UK_CHECK_EQ(uk_firmware_mp(area_read, &f), -ENOENT);
	check_nothing();
}

/* The extended BIOS data area is wherever a word says: that may be anywhere. */
UK_TEST(firmware, mp_pointer_in_the_data_area)
{
	make_mp(mp, sizeof(mp));
	memcpy(area + 0x8000, area + (MP_AT - AREA), 16);
	memset(area + (MP_AT - AREA), 0, 16);
	UK_CHECK_EQ(uk_firmware_mp(area_read, &f), -ENOENT);
	ebda[1] = 0xe8;
	UK_CHECK_EQ(uk_firmware_mp(area_read, &f), 0);
	UK_CHECK_EQ(f.cpus, 2);
	memset(ebda, 0xff, sizeof(ebda));
	UK_CHECK_EQ(uk_firmware_mp(area_read, &f), -ENOENT);
}
