/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The one place where -errno becomes -1 with errno set. */
#pragma once

#include <errno.h>

static inline long uk_newlib_result(long value)
{
	if (value >= 0)
		return value;
	errno = (int)-value;
	return -1;
}
