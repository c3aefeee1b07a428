/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The descriptors that CPU 0 watches: see lines.c. */
#pragma once

#include <stdbool.h>

#include "linux.h"

/* Whether there is anything to watch. Context: any. */
bool uk_linux_lines_any(void);

/* Wait until one is ready or *timeout is over, which a handler of a signal may cut to nothing; call the handlers of
 * those that are. How many were. Context: CPU 0, interrupts masked. */
unsigned uk_linux_lines_wait(struct uk_linux_timespec *timeout);

/* What is watched has changed: CPU 0 looks. Context: any, no lock held. */
void uk_linux_lines_changed(void);

/* Where an image has interrupts: have CPU 0 look at once, and at a CPU 0 that has been idle again soon, though busy. */
extern void (*uk_linux_lines_look)(void);
extern void (*uk_linux_lines_look_soon)(void);
