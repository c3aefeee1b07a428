/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#pragma once

#include "vectors.h"

/* What uk_plat_irq_attach() has set for each line; function is NULL for a free one. */
struct uk_kvm_handler {
	void (*function)(void *arg);
	void *arg;
};
extern struct uk_kvm_handler uk_kvm_handlers[UK_KVM_LINES];
