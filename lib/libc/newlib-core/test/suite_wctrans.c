/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#define SUITE t_wctrans
#include "suite.h"
#include <newlib/testsuite/newlib.wctype/twctrans.c>

UK_TEST(newlib_suite, wctrans)
{
	UK_CHECK_EQ(SUITE_RUN(suite_main()), 0);
}
