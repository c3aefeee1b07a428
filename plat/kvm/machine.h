/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#pragma once

#include <uk/firmware.h>

/* What the firmware's tables say about this machine; read at the first call, which must be made by the boot CPU before
 * others run. Never NULL. Context: not in an interrupt handler. */
const struct uk_firmware *uk_kvm_machine(void);
