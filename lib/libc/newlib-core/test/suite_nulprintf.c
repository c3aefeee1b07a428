/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#define SUITE t_nulprintf
#include "suite.h"
#include <newlib/testsuite/newlib.stdio/nulprintf.c>

UK_TEST(newlib_suite, nulprintf)
{
	UK_CHECK_EQ(SUITE_RUN(suite_main()), 0);
}
