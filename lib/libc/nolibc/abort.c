/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <assert.h>
#include <stdlib.h>

#include <uk/assert.h>

_Noreturn void abort(void)
{
	UK_BUG("abort() was called");
}

_Noreturn void uk_nolibc_assert(const char *cond, const char *file, int line)
{
	UK_BUG("%s:%d: assertion failed: %s", file, line, cond);
}
