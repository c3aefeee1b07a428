/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* newlib's vfprintf.c, writing to a string */
#define STRING_ONLY
#include <newlib/libc/stdio/vfprintf.c>
