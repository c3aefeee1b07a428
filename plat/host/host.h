/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What the parts of this platform know of each other. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Console output is thrown away: a fuzzer would fill disks with it. */
extern bool uk_host_mute;

/* Learn the bounds of the boot stack. Context: start, once. */
void uk_host_stack_init(void);

/* Turn the signals of broken code into panics. Context: start, once. */
void uk_host_traps_init(void);

/* Sleep until a time of uk_plat_time_ns(), or until input arrives. Context: any. */
void uk_host_sleep(uint64_t deadline);
