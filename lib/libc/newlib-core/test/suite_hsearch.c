/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#define SUITE t_hsearch
#include "suite.h"
#include <newlib/testsuite/newlib.search/hsearchtest.c>

UK_TEST(newlib_suite, hsearch)
{
	UK_CHECK_EQ(SUITE_RUN(suite_main(1, (char *[]){(char *)"hsearch", NULL})), 0);
}
