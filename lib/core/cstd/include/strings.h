/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* POSIX <strings.h>, the ASCII part. */
#pragma once

#include <stddef.h>

/* Compare strings, at most n characters of them, without regard to the case of ASCII letters. Context: any. */
int strcasecmp(const char *a, const char *b);
int strncasecmp(const char *a, const char *b, size_t n);
