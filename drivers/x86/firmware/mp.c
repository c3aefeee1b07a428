/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The MP tables (Intel MultiProcessor Specification 1.4, 4). */

#include <errno.h>
#include <string.h>

#include <uk/base.h>

#include "parts.h"

/* Where the floating pointer may be: in the first KiB of the extended BIOS data area, whose segment is at 40:0e, in the
 * last KiB of base memory, in the BIOS. */
#define EBDA_SEGMENT 0x40e
#define BASE_END 0xa0000
#define BIOS 0xf0000
#define BIOS_END 0x100000
#define KIB 1024

#define POINTER_SIZE 16
#define HEADER_SIZE 44
#define CPU_SIZE 20
#define ENTRY_SIZE 8 /* all others */
#define IOAPIC_LINES 24
#define BUSES 256

enum {
	POINTER_TABLE = 4,
	HEADER_LENGTH = 4
};

enum {
	MP_CPU,    /* APIC id, version, flags */
	MP_BUS,    /* id, six letters */
	MP_IOAPIC, /* id, version, flags, address */
	MP_LINE    /* kind, flags (2), bus, line of the bus, I/O APIC, its line */
};
#define USABLE 1u
#define KIND_VECTORED 0

/* What is known in the middle of a table. */
struct state {
	struct uk_firmware *f;
	uint8_t isa[BUSES];    /* the bus is ISA */
	uint8_t ioapic[BUSES]; /* its index in f->ioapic, plus 1 */
};

static void entry(struct state *s, const uint8_t *e)
{
	struct uk_firmware *f = s->f;

	if (e[0] == MP_CPU && e[3] & USABLE && e[1] != 0xff) {
		uk_firmware_cpu(f, e[1]);
	} else if (e[0] == MP_BUS) {
		s->isa[e[1]] = memcmp(e + 2, "ISA", 3) == 0;
	} else if (e[0] == MP_IOAPIC && e[3] & USABLE) {
		uk_firmware_ioapic(f, uk_firmware_word(e + 4, 4), f->ioapics * IOAPIC_LINES);
		s->ioapic[e[1]] = (uint8_t)f->ioapics;
	} else if (e[0] == MP_LINE && e[1] == KIND_VECTORED && s->isa[e[4]] && s->ioapic[e[6]]) {
		uk_firmware_isa(f, e[5], f->ioapic[s->ioapic[e[6]] - 1].first + e[7], uk_firmware_word(e + 2, 2));
	}
}

/* The length says where it ends: qboot, the firmware of microvm, leaves the number of entries 0. */
static int table(uk_firmware_read *read, uint64_t at, struct uk_firmware *f)
{
	struct state s = {.f = f};
	uint8_t e[HEADER_SIZE];
	uint64_t end;

	if (read(at, e, HEADER_SIZE) || memcmp(e, "PCMP", 4) != 0)
		return -EINVAL;
	end = at + uk_firmware_word(e + HEADER_LENGTH, 2);
	if (uk_firmware_sum(read, at, end - at))
		return -EINVAL;
	for (at += HEADER_SIZE; at < end;) {
		size_t size;

		if (at + ENTRY_SIZE > end || read(at, e, ENTRY_SIZE))
			return -EINVAL;
		size = e[0] == MP_CPU ? CPU_SIZE : ENTRY_SIZE;
		if (at + size > end)
			return -EINVAL;
		entry(&s, e);
		at += size;
	}
	return f->cpus ? 0 : -EINVAL;
}

int uk_firmware_mp(uk_firmware_read *read, struct uk_firmware *f)
{
	uint8_t p[POINTER_SIZE], segment[2] = {0};
	uint64_t at = 0;
	int err;

	uk_firmware_default(f);
	if (read(EBDA_SEGMENT, segment, sizeof(segment)) == 0 && (segment[0] | segment[1]) != 0) {
		at = (uint64_t)uk_firmware_word(segment, 2) << 4;
		at = uk_firmware_search(read, at, at + KIB, "_MP_", POINTER_SIZE);
	}
	if (at == 0)
		at = uk_firmware_search(read, BASE_END - KIB, BASE_END, "_MP_", POINTER_SIZE);
	if (at == 0)
		at = uk_firmware_search(read, BIOS, BIOS_END, "_MP_", POINTER_SIZE);
	if (at == 0)
		return -ENOENT;
	if (read(at, p, sizeof(p)))
		return -EINVAL;
	err = table(read, uk_firmware_word(p + POINTER_TABLE, 4), f);
	if (err)
		uk_firmware_default(f);
	return err;
}
