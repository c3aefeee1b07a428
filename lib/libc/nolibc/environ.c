/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The environment is set before main() and only read from then on. */
#include <stdlib.h>
#include <string.h>

char **environ;

char *getenv(const char *name)
{
	size_t len = strlen(name);

	for (char **e = environ; e && *e; e++)
		if (!strncmp(*e, name, len) && (*e)[len] == '=')
			return *e + len + 1;
	return NULL;
}
