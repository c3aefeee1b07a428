/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* One CPU. Interrupts are noticed where they are unmasked and while idle, nowhere else: see interrupt.c. */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/random.h>

#include <uk/arch/tls.h>
#include <uk/base.h>
#include <uk/plat/cpu.h>
#include <uk/plat/irq.h>

#include "host.h"

static uintptr_t stack_low, stack_high;

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

int uk_plat_cpu_start(unsigned cpu UK_UNUSED, void (*entry)(void *arg) UK_UNUSED, void *arg UK_UNUSED,
		      void *stack_top UK_UNUSED, void *tp UK_UNUSED)
{
	return -EINVAL;
}

int uk_plat_irq_msi(void (*handler)(void *arg) UK_UNUSED, void *arg UK_UNUSED, unsigned cpu UK_UNUSED,
		    uint64_t *address UK_UNUSED, uint32_t *data UK_UNUSED)
{
	return -ENOTSUP;
}

void uk_plat_irq_msi_free(int id UK_UNUSED)
{
}

void uk_plat_attention(void)
{
}

/* The register belongs to the build machine's C library: who asks which thread it is, is told what is set here. */
static char boot_block[64] UK_ALIGNED(64);
void *uk_arch_tls_hosted = boot_block;

void uk_plat_tls_set(void *tp)
{
	uk_arch_tls_hosted = tp;
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
