/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Signals in words. */

#include <stdio.h>
#include <string.h>

#include "internal.h"

void psiginfo(const siginfo_t *info, const char *message)
{
	const int before = errno;

	if (message && *message)
		fprintf(stderr, "%s: ", message);
	fprintf(stderr, "%s (signal %d, code %d)\n", strsignal(info->si_signo), info->si_signo, info->si_code);
	errno = before;
}
