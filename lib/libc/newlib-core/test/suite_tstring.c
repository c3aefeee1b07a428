/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#define SUITE t_tstring
#include "suite.h"

#include <uk/plat/cpu.h>

#include <newlib/testsuite/newlib.string/tstring.c>

UK_TEST(newlib_suite, tstring)
{
	uintptr_t low, high;

	uk_plat_boot_stack(&low, &high);
	if (high - low < 512 * 1024)
		UK_SKIP("its arrays need a stack of 512 KiB");
	UK_CHECK_EQ(SUITE_RUN(suite_main()), 0);
}
