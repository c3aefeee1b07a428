/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#define SUITE t_memmove
#include "suite.h"
#include <newlib/testsuite/newlib.string/memmove1.c>

UK_TEST(newlib_suite, memmove)
{
	UK_CHECK_EQ(SUITE_RUN(suite_main()), 0);
}
