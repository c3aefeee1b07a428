/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <uk/plat/irq.h>

#include "percpu.h"

void uk_plat_irq_counts(struct uk_plat_irq_counts *counts)
{
	*counts = (struct uk_plat_irq_counts){0};
	for (unsigned i = 0; i < UK_CPUS; i++) {
		counts->handled += uk_kvm_cpus[i].counts.handled;
		counts->unhandled += uk_kvm_cpus[i].counts.unhandled;
		counts->spurious += uk_kvm_cpus[i].counts.spurious;
		counts->storms += uk_kvm_cpus[i].counts.storms;
	}
}
