/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <stdlib.h>
#include <string.h>

#include <uk/param.h>

int uk_fuzz_param(const uint8_t *data, size_t size);

/* Any command line: no crash, arrays terminated, and what the early reader finds is what it was told to look for. */
int uk_fuzz_param(const uint8_t *data, size_t size)
{
	char *line = calloc(1, size + 1), out[16];
	struct uk_param_args args;

	if (!line)
		return 0;
	memcpy(line, data, size);
	uk_param_parse(line, "fuzz", &args);
	if (args.argv[args.argc])
		abort();
	for (char **e = args.envp; *e; e++)
		if (!strchr(*e, '='))
			abort();
	memset(out, 1, sizeof(out));
	if (!uk_param_early(line, "mem", out, sizeof(out)) && strlen(out) >= sizeof(out))
		abort();
	free(line);
	return 0;
}
