/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Interrupts: what irq.c, the interrupt controllers and the timer share. Unless it says otherwise, a function is called
 * with interrupts masked. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vectors.h"

/* What is called for each interrupt, by its number above UK_KVM_VECTOR_BASE; function is NULL for a free one. */
struct uk_kvm_handler {
	void (*function)(void *arg);
	void *arg;
};
extern struct uk_kvm_handler uk_kvm_handlers[UK_KVM_IRQS];

/* What the CPU pushes (Intel SDM vol. 3, 6.14.2). */
struct uk_kvm_frame {
	uint64_t rip, cs, rflags, rsp, ss;
};

/* Make interrupts possible: the local APIC on, the vectors set. Once; later calls do nothing. */
void uk_kvm_irq_init(void);

/* Let an interrupt, by its number above UK_KVM_VECTOR_BASE, enter at the given code. */
void uk_kvm_irq_gate(unsigned irq, const char *entry);

/* What every interrupt comes to. Called by irq_entry.S with the number above UK_KVM_VECTOR_BASE. */
void uk_kvm_irq(unsigned irq, const struct uk_kvm_frame *at);

/* Switch this CPU's local APIC on, in the mode for 32-bit identifiers where there is one. False if there is none. */
bool uk_kvm_lapic_start(void);

/* Whether uk_kvm_lapic_start() has found one. */
bool uk_kvm_lapic_on(void);

/* Tell it that the interrupt in service has been handled. */
void uk_kvm_lapic_eoi(void);

/* The identifier of this CPU's, by which other CPUs and devices reach it; UINT32_MAX if it has none. */
uint32_t uk_kvm_lapic_id(void);

/* Send an interrupt to the CPU with this identifier: the low word of the interrupt command register. */
void uk_kvm_lapic_send(uint32_t apic_id, uint32_t command);
#define UK_KVM_SEND_NMI 0x400u
#define UK_KVM_SEND_INIT 0x4500u
#define UK_KVM_SEND_STARTUP 0x600u

/* Unmask or mask a line; -EINVAL if there is no such line. Those of the I/O APICs, and those of the old PICs. */
int uk_kvm_ioapic_set(unsigned line, bool on);
int uk_kvm_pic_set(unsigned line, bool on);

/* Set up the old PICs with all lines masked; if they are to be used, at the vectors of lines 0 to 15. */
void uk_kvm_pic_start(bool use);

/* Whether a PIC's interrupt is what it says; else its line went away meanwhile (8259A data sheet). */
bool uk_kvm_pic_genuine(unsigned line);

/* Tell the PICs that a line has been handled. */
void uk_kvm_pic_eoi(unsigned line);
