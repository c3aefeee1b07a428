/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <uk/plat/time.h>

#include "kvm.h"

void uk_plat_idle(uint64_t deadline)
{
	uk_kvm_irq_init();
	if (deadline != UINT64_MAX) {
		const uint64_t now = uk_plat_time_ns();

		if (deadline <= now)
			return;
		uk_kvm_timer_set(deadline - now);
	}
	/* Interrupts are taken only after the instruction behind sti, so none is missed between the two. */
	__asm__ volatile("sti; hlt; cli" : : : "memory");
}
