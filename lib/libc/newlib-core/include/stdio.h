/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* newlib has getline() and getdelim() under other names only. */
#include_next <stdio.h>

#ifndef UK_STDIO_H
#define UK_STDIO_H

#ifdef __cplusplus
extern "C" {
#endif

#if __POSIX_VISIBLE >= 200809
/* POSIX.1-2017: read up to and with the delimiter into *line, which is allocated and grown: its length, or -1. */
ssize_t getline(char **__restrict line, size_t *__restrict room, FILE *__restrict f);
ssize_t getdelim(char **__restrict line, size_t *__restrict room, int delimiter, FILE *__restrict f);
#endif

#ifdef __cplusplus
}
#endif

#endif
