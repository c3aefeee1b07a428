/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <uk/assert.h>

_Noreturn void __stack_chk_fail(void);

/* What functions compiled with a stack protector call when their canary is gone. Weak: a C library may bring its own.
 */
_Noreturn UK_WEAK void __stack_chk_fail(void)
{
	UK_BUG("a local array was written beyond its end");
}
