/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <errno.h>

#include <uk/base.h>
#include <uk/plat/cpu.h>

#include "interrupt.h"
#include "linux.h"
#include "syscall.h"

#define RLIMIT_STACK 3
#define STACK_MAX ((uint64_t)64 << 20) /* taken as the bound where there is no limit */

unsigned uk_plat_cpu(void)
{
	return 0;
}

unsigned uk_plat_cpus(void)
{
	return 1;
}

void uk_plat_boot_stack(uintptr_t *low, uintptr_t *high)
{
	uint64_t limit[2] = {0, 0};

	uk_linux_call4(UK_LINUX_PRLIMIT, 0, RLIMIT_STACK, 0, (long)limit);
	*high = uk_linux_stack_top;
	*low = *high - UK_MIN(limit[0], STACK_MAX);
}

void uk_plat_cpu_kick(unsigned cpu)
{
	const unsigned long state = uk_plat_irq_save();

	(void)cpu;
	uk_linux_raise(uk_linux_this_cpu(), UK_LINUX_EVENT_KICK);
	uk_plat_irq_restore(state);
}

void uk_plat_attention(void)
{
	uk_linux_interrupt_init(UK_LINUX_SIGQUIT);
}

int uk_plat_cpu_start(unsigned cpu UK_UNUSED, void (*entry)(void *arg) UK_UNUSED, void *arg UK_UNUSED,
		      void *stack_top UK_UNUSED, void *tp UK_UNUSED)
{
	return -EINVAL;
}
