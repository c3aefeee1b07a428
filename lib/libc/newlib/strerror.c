/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Texts for Linux' error numbers; newlib's own know other numbers. */
#include <errno.h>
#include <reent.h>
#include <string.h>

#include <uk/base.h>

#define X(number, text) [number] = text,
const char *const _sys_errlist[] = {
    [0] = "Success",
#include "strerror_table.h"
};
#undef X
int _sys_nerr = UK_ARRAY_SIZE(_sys_errlist);

char *_strerror_r(struct _reent *r, int number, int internal, int *error);

/* Numbers as large as they may be for "Unknown error -2147483648". */
static char *unknown(int number)
{
	static _Thread_local char text[32];
	unsigned value = number < 0 ? 0u - (unsigned)number : (unsigned)number;
	char digits[12], *p = digits + sizeof(digits);

	*--p = '\0';
	do
		*--p = (char)('0' + value % 10);
	while (value /= 10);
	if (number < 0)
		*--p = '-';
	strcpy(stpcpy(text, "Unknown error "), p);
	return text;
}

char *_strerror_r(struct _reent *r UK_UNUSED, int number, int internal UK_UNUSED, int *error)
{
	if (number >= 0 && number < _sys_nerr && _sys_errlist[number])
		return (char *)(uintptr_t)_sys_errlist[number];
	if (error)
		*error = EINVAL;
	return unknown(number);
}

char *strerror(int number)
{
	return _strerror_r(_REENT, number, 0, NULL);
}

char *strerror_l(int number, locale_t locale UK_UNUSED)
{
	return strerror(number);
}
