/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <uk/base.h>

#include "kvm.h"
#include "map.h"

volatile uint32_t *uk_kvm_device(uintptr_t pa)
{
	const unsigned long state = uk_kvm_map_lock();
	uint64_t *slot = uk_kvm_table_slot(pa, 0, true);

	if (slot && !(*slot & UK_KVM_PRESENT))
		*slot = UK_ALIGN_DOWN(pa, UK_PAGE_SIZE) | UK_KVM_PRESENT | UK_KVM_WRITE | UK_KVM_UNCACHED | uk_kvm_nx;
	uk_kvm_map_unlock(state);
	return slot ? (volatile uint32_t *)pa : NULL;
}
