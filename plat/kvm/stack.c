/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The boot stack. The linker script puts it in front of bss, above a page that is never mapped. */

#include <plat/kvm/config.h>

#include <uk/base.h>

#include "kvm.h"

/* Named by the linker script only, which does not have it cleared. */
static char stack[CONFIG_PLAT_KVM_STACK << 10] UK_ALIGNED(4096) __attribute__((used, section(".bss.uk_kvm_stack")));
