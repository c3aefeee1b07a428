/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Which interrupt vector is what; also read by assembly. */
#pragma once

#define UK_KVM_VECTOR_NMI 2
#define UK_KVM_VECTOR_BASE 32 /* below: the CPU's own exceptions */
/* From here on counted from UK_KVM_VECTOR_BASE. */
#define UK_KVM_LINES 48 /* of two I/O APICs: microvm has its virtio devices on the second */
#define UK_KVM_IRQ_TIMER UK_KVM_LINES
#define UK_KVM_IRQ_KICK (UK_KVM_LINES + 1)
#define UK_KVM_IRQ_SPURIOUS 63 /* the lowest four bits of its vector are set, as old CPUs demand */
#define UK_KVM_IRQ_MSI 64
#define UK_KVM_MSIS 64 /* on each CPU */
#define UK_KVM_IRQS (UK_KVM_IRQ_MSI + UK_KVM_MSIS)
