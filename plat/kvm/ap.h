/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What a CPU that starts finds in uk_kvm_ap; also read by assembly. */
#pragma once

#define UK_KVM_AP_CR0 0
#define UK_KVM_AP_CR3 4
#define UK_KVM_AP_CR4 8
#define UK_KVM_AP_EFER 12
#define UK_KVM_AP_FS 16
#define UK_KVM_AP_GS 24
#define UK_KVM_AP_STACK 32
