/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What the parts of this platform know of each other. */
#pragma once

/* Learn the bounds of the boot stack. Context: start, once. */
void uk_host_stack_init(void);

/* Turn the signals of broken code into panics. Context: start, once. */
void uk_host_traps_init(void);
