/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <errno.h>
#include <stdio.h>

#include <uk/print.h>

int vsnprintf(char *restrict s, size_t n, const char *restrict format, va_list ap)
{
	int len = uk_vsnprintf(s, n, format, ap);

	if (len >= 0)
		return len;
	errno = -len;
	return -1;
}

int snprintf(char *restrict s, size_t n, const char *restrict format, ...)
{
	va_list ap;
	int len;

	va_start(ap, format);
	len = vsnprintf(s, n, format, ap);
	va_end(ap);
	return len;
}
