/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What drivers for this platform only (PLAT = kvm) may ask it. */
#pragma once

#include <stdint.h>

/* The virtio-mmio devices that the monitor named on the command line, as in Linux' parameter virtio_mmio.device=: words
 * SIZE@BASE:LINE, for instance "512@0xfeb00e00:12", separated by blanks, in the order given. Never NULL, valid for
 * ever. Context: any. */
const char *uk_kvm_mmio_devices(void);

/* The physical address of the ACPI root pointer; 0 if the monitor gave none. It is not mapped. Context: any. */
uint64_t uk_kvm_rsdp(void);
