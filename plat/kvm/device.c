/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <uk/base.h>

#include "kvm.h"

volatile uint32_t *uk_kvm_device(uintptr_t pa)
{
	uint64_t *slot = uk_kvm_table_slot(pa, 0, true);

	if (!slot)
		return NULL;
	if (!(*slot & UK_KVM_PRESENT))
		*slot = UK_ALIGN_DOWN(pa, UK_PAGE_SIZE) | UK_KVM_PRESENT | UK_KVM_WRITE | UK_KVM_UNCACHED | uk_kvm_nx;
	return (volatile uint32_t *)pa;
}
