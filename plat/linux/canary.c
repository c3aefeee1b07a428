/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <uk/plat/cpu.h>

#include "linux.h"

/* Runs before there is a canary to check. */
__attribute__((no_stack_protector)) uintptr_t uk_linux_canary(void)
{
	uintptr_t canary = 0;

/* Only the compiler knows whether it was told to check canaries; without them the source of randomness is not needed.
 */
#if defined(__SSP__) || defined(__SSP_STRONG__) || defined(__SSP_ALL__)
	uk_plat_seed(&canary, sizeof(canary));
#endif
	return canary & ~(uintptr_t)0xff; /* the lowest byte is a NUL, which ends a string that overruns */
}
