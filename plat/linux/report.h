/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#pragma once

/* Say on the console that something the user asked of the platform is impossible. Context: any. */
void uk_linux_report(const char *text);
