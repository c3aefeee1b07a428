/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* newlib's vfwprintf.c without floating point */
#define INTEGER_ONLY
#include <newlib/libc/stdio/vfwprintf.c>
