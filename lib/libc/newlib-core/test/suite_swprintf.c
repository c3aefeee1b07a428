/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#define SUITE t_swprintf
#include "suite.h"
#include <newlib/testsuite/newlib.stdio/swprintf.c>

UK_TEST(newlib_suite, swprintf)
{
	UK_CHECK_EQ(SUITE_RUN(suite_main()), 0);
}
