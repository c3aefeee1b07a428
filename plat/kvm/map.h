/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The lock of the page tables. Its holder may wait for other CPUs to flush what they have of them, which they do by an
 * interrupt that cannot be masked: they may meanwhile wait for any lock, this one too. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Take the lock with interrupts masked, and give it back. Context: any. */
unsigned long uk_kvm_map_lock(void);
void uk_kvm_map_unlock(unsigned long state);

/* Whether something is mapped at va. Context: the lock is held. */
bool uk_kvm_mapped(uintptr_t va);
