/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#define SUITE t_memcpy
#include "suite.h"
#include <newlib/testsuite/newlib.string/memcpy-1.c>

UK_TEST(newlib_suite, memcpy)
{
	UK_CHECK_EQ(SUITE_RUN(suite_main()), 0);
}
