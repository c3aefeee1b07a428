/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Which interrupt vector is what; also read by assembly. */
#pragma once

#define UK_KVM_VECTOR_BASE 32 /* below: the CPU's own exceptions */
#define UK_KVM_LINES 48       /* of two I/O APICs: microvm has its virtio devices on the second */
#define UK_KVM_IRQ_TIMER UK_KVM_LINES
#define UK_KVM_IRQ_SPURIOUS (UK_KVM_LINES + 1)
#define UK_KVM_IRQS (UK_KVM_LINES + 2)
#define UK_KVM_VECTORS (UK_KVM_VECTOR_BASE + UK_KVM_IRQS)
