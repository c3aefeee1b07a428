/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <stdlib.h>

#include "tables.h"

int uk_fuzz_firmware(const uint8_t *data, size_t size);

/* What holds for every result. */
static void check(int err, const struct uk_firmware *f)
{
	if (f->cpus > UK_FIRMWARE_CPUS || f->ioapics > UK_FIRMWARE_IOAPICS || (err == 0) != (f->cpus > 0))
		abort();
	for (unsigned i = 0; i < f->cpus; i++)
		for (unsigned j = 0; j < i; j++)
			if (f->apic_id[i] == f->apic_id[j])
				abort();
}

/* The first byte says what the rest is: entries of tables that are right otherwise, or memory. */
int uk_fuzz_firmware(const uint8_t *data, size_t size)
{
	struct uk_firmware f;

	memset(area, 0, sizeof(area));
	if (size < 3 || size > 0x4000)
		return 0;
	memcpy(ebda, data + 1, sizeof(ebda));
	if (data[0] % 4 == 0)
		memcpy(area, data + 3, size - 3);
	else if (data[0] % 4 == 1)
		memcpy(area + 0x10000, data + 3, size - 3);
	else if (data[0] % 4 == 2)
		make_mp(data + 3, size - 3);
	else
		make_acpi(data + 3, size - 3, data[0] & 4);
	check(uk_firmware_acpi(area_read, 0, &f), &f);
	check(uk_firmware_mp(area_read, &f), &f);
	return 0;
}
