/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#define SUITE t_wctype
#include "suite.h"
#include <newlib/testsuite/newlib.wctype/twctype.c>

UK_TEST(newlib_suite, wctype)
{
	if (iswdigit(0x0967) == iswalpha(0x0967))
		UK_SKIP("newlib 3.3.0 counts no digits among letters, which this program of 2002 expects");
	UK_CHECK_EQ(SUITE_RUN(suite_main()), 0);
}
