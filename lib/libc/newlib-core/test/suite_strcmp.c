/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#define SUITE t_strcmp
#include "suite.h"
#include <newlib/testsuite/newlib.string/strcmp-1.c>

UK_TEST(newlib_suite, strcmp)
{
	UK_CHECK_EQ(SUITE_RUN(suite_main()), 0);
}
