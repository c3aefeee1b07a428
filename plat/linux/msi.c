/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* A process has no devices that send messages. */

#include <errno.h>

#include <uk/base.h>
#include <uk/plat/irq.h>

#include "interrupt.h"

int uk_plat_irq_msi(void (*handler)(void *arg) UK_UNUSED, void *arg UK_UNUSED, unsigned cpu UK_UNUSED,
		    uint64_t *address UK_UNUSED, uint32_t *data UK_UNUSED)
{
	return -ENOTSUP;
}

void uk_plat_irq_msi_free(int id UK_UNUSED)
{
}

/* A descriptor that never becomes unready costs an idle CPU its sleep and a busy one a look now and then, nothing
 * else: there is nothing to mask, so there are no storms. */
void uk_plat_irq_counts(struct uk_plat_irq_counts *counts)
{
	*counts = (struct uk_plat_irq_counts){0, 0, 0, 0};
	for (unsigned i = 0; i < UK_CPUS; i++) {
		const uint64_t signals = __atomic_load_n(&uk_linux_cpus[i].signals, __ATOMIC_RELAXED);
		const uint64_t empty = __atomic_load_n(&uk_linux_cpus[i].empty, __ATOMIC_RELAXED);

		counts->handled += signals - empty;
		counts->spurious += empty;
	}
}
