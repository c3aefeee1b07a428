/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What mimalloc's sources use of stdlib.h. */
#pragma once

/* The heap lives as long as the system: nothing is to be done at exit. */
static inline int atexit(void (*function)(void))
{
	(void)function;
	return 0;
}

/* Only C++'s operator new wants it. */
static inline _Noreturn void abort(void)
{
	__builtin_trap();
}
