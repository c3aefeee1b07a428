/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* newlib's vfscanf.c, reading a string */
#define STRING_ONLY
#include <newlib/libc/stdio/vfscanf.c>
