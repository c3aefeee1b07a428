/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#define SUITE t_size_max
#include "suite.h"
#include <newlib/testsuite/newlib.stdlib/size_max.c>

UK_TEST(newlib_suite, size_max)
{
	UK_CHECK_EQ(SUITE_RUN(suite_main()), 0);
}
