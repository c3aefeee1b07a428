/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The interrupting timer of a CPU: the local APIC's, else the PIT. Functions are called with interrupts masked. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Longer times are cut off: whoever is called early looks at the clock and sets the timer again. Some are shorter. */
#define UK_KVM_EVENT_MAX (1ull << 42) /* ns, 73 minutes */

/* Have UK_KVM_IRQ_TIMER fire once, in ns nanoseconds or earlier. False if the machine has no timer. Context: after
 * uk_kvm_irq_init(). */
bool uk_kvm_event_set(uint64_t ns);

/* Let it not fire. */
void uk_kvm_event_stop(void);

/* Use it as a plain counter of nanoseconds from 0, for some ms, and read that. start: false if there is no timer. */
bool uk_kvm_counter_start(void);
uint64_t uk_kvm_counter_read(void);
void uk_kvm_counter_stop(void);

/* The same for the PIT alone. */
bool uk_kvm_pit_set(uint64_t ns);
void uk_kvm_pit_stop(void);
bool uk_kvm_pit_count(void);
uint64_t uk_kvm_pit_read(void);

/* Have UK_KVM_IRQ_KICK handled soon, where there is no local APIC to send it. */
void uk_kvm_pit_kick(void);

/* How far the cycle counter gets in ns nanoseconds, which are UK_KVM_EVENT_MAX at most. */
uint64_t uk_kvm_cycles(uint64_t ns);
