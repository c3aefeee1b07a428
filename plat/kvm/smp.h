/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Several CPUs. Nothing of this is linked where one is configured. */
#pragma once

#include <stdbool.h>

/* Number the CPUs, and keep a page for the code that they start with. Context: once, first thing of the start; start,
 * before the page tables are built. */
void uk_kvm_smp_boot(void);
void uk_kvm_smp_reserve(void);

/* How many CPUs there are that the image is made for: cpus= may have uk_plat_cpus() say less. */
unsigned uk_kvm_smp_found(void);

/* Have all other CPUs that run forget what they know of the page tables; returns when they have. Context: interrupts
 * masked, the lock of the page tables held. */
void uk_kvm_smp_flush(void);

/* Halt all other CPUs that run, for good, if they answer within some time. Context: any. */
void uk_kvm_smp_stop(void);

/* An interrupt that cannot be masked: do what another CPU wants by it. False if none does. Context: trap. */
bool uk_kvm_smp_nmi(void);
