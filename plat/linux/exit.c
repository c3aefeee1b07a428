/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <uk/plat/boot.h>

#include "syscall.h"

_Noreturn void uk_plat_exit(int status)
{
	for (;;)
		uk_linux_call3(UK_LINUX_EXIT_GROUP, status & 0xff, 0, 0);
}

_Noreturn void uk_plat_crash(void)
{
	uk_plat_exit(UK_PLAT_CRASH_STATUS);
}
