/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The interrupt mask: see cpu.h. These are in every lock. */

#include <uk/plat/cpu.h>

#include "cpu.h"
#include "interrupt.h"

struct uk_linux_cpu uk_linux_cpus[UK_CPUS];

unsigned long uk_plat_irq_save(void)
{
	const unsigned long state = uk_linux_mask();

	uk_linux_mask_set(UK_LINUX_MASKED);
	return state;
}

void uk_plat_irq_restore(unsigned long state)
{
	unsigned long pending;

	uk_linux_mask_set(state);
	pending = uk_linux_pending();
	if (uk_unlikely(pending > state))
		((uk_linux_deliver_t *)pending)(state);
}

void uk_plat_irq_enable(void)
{
	uk_plat_irq_restore(0);
}
