/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <stddef.h>

#include <uk/boot.h>
#include <uk/test.h>

UK_TEST(boot, table_is_in_order)
{
	for (unsigned i = 1; i < uk_boot_count; i++)
		UK_CHECK(uk_boot_table[i - 1].level <= uk_boot_table[i].level);
}

UK_TEST(boot, entries_are_complete)
{
	for (unsigned i = 0; i < uk_boot_count; i++) {
		UK_CHECK(uk_boot_table[i].level <= UK_BOOT_APP);
		UK_CHECK(uk_boot_table[i].library != NULL);
		UK_CHECK(uk_boot_table[i].init != NULL);
	}
}

UK_TEST(boot, application_has_a_name)
{
	UK_CHECK(uk_boot_app[0] != 0);
}
