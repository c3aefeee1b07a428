/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#define SUITE t_tstring
#include "suite.h"
#include <newlib/testsuite/newlib.string/tstring.c>

UK_TEST(newlib_suite, tstring)
{
	UK_CHECK_EQ(SUITE_RUN(suite_main()), 0);
}
