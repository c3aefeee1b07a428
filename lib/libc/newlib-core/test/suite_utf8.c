/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#define SUITE t_utf8
#include "suite.h"
#include <newlib/testsuite/newlib.locale/UTF-8.c>

UK_TEST(newlib_suite, utf8)
{
	UK_CHECK_EQ(SUITE_RUN(suite_main()), 0);
}
