/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* newlib's vfscanf.c, reading a string, without floating point */
#define STRING_ONLY
#define INTEGER_ONLY
#include <newlib/libc/stdio/vfscanf.c>
