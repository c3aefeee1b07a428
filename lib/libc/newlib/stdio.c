/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* stdio functions that newlib has under other names. */
#include <stdio.h>

ssize_t getline(char **restrict line, size_t *restrict room, FILE *restrict f)
{
	return __getdelim(line, room, '\n', f);
}

ssize_t getdelim(char **restrict line, size_t *restrict room, int delimiter, FILE *restrict f)
{
	return __getdelim(line, room, delimiter, f);
}
