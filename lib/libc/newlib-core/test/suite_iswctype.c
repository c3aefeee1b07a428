/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#define SUITE t_iswctype
#include "suite.h"
#include <newlib/testsuite/newlib.wctype/tiswctype.c>

UK_TEST(newlib_suite, iswctype)
{
	UK_CHECK_EQ(SUITE_RUN(suite_main()), 0);
}
