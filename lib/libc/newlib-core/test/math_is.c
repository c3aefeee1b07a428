/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The program takes the address of what are macros only. */
#include <ctype.h>
#undef _tolower
#undef _toupper
static int _tolower(int c)
{
	return c - 'A' + 'a';
}

static int _toupper(int c)
{
	return c - 'a' + 'A';
}

#include <newlib/libm/test/test_is.c>
