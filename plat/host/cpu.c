/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* One CPU, no interrupts: masking counts only, so that unbalanced pairs can be seen by tests. */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/random.h>

#include <uk/base.h>
#include <uk/plat/cpu.h>

#include "host.h"

static unsigned long masked;
static uintptr_t stack_low, stack_high;

unsigned long uk_plat_irq_save(void)
{
	unsigned long state = masked;

	masked = 1;
	return state;
}

void uk_plat_irq_restore(unsigned long state)
{
	masked = state;
}

int uk_plat_irq_attach(unsigned irq UK_UNUSED, void (*handler)(void *arg) UK_UNUSED, void *arg UK_UNUSED)
{
	return -EINVAL;
}

unsigned uk_plat_cpu(void)
{
	return 0;
}

unsigned uk_plat_cpus(void)
{
	return 1;
}

/* The thread pointer belongs to the build machine's C library. */
void uk_plat_tls_set(void *tp UK_UNUSED)
{
}

int uk_plat_seed(void *buf, size_t len)
{
	return getrandom(buf, len, 0) == (ssize_t)len ? 0 : -EAGAIN;
}

void uk_host_stack_init(void)
{
	pthread_attr_t attr;
	void *low;
	size_t size;

	if (pthread_getattr_np(pthread_self(), &attr))
		return;
	if (!pthread_attr_getstack(&attr, &low, &size)) {
		stack_low = (uintptr_t)low;
		stack_high = stack_low + size;
	}
	pthread_attr_destroy(&attr);
}

void uk_plat_boot_stack(uintptr_t *low, uintptr_t *high)
{
	*low = stack_low;
	*high = stack_high;
}
