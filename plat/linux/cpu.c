/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <uk/base.h>
#include <uk/plat/cpu.h>

#include "interrupt.h"
#include "linux.h"
#include "syscall.h"

#define RLIMIT_STACK 3
#define STACK_MAX ((uint64_t)64 << 20) /* taken as the bound where there is no limit */

void uk_plat_boot_stack(uintptr_t *low, uintptr_t *high)
{
	uint64_t limit[2] = {0, 0};

	uk_linux_call4(UK_LINUX_PRLIMIT, 0, RLIMIT_STACK, 0, (long)limit);
	*high = uk_linux_stack_top;
	*low = *high - UK_MIN(limit[0], STACK_MAX);
}

void uk_plat_attention(void)
{
	uk_linux_interrupt_init(UK_LINUX_SIGQUIT);
}
