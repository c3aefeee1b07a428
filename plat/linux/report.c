/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <string.h>

#include <uk/plat/console.h>

#include "report.h"

void uk_linux_report(const char *text)
{
	uk_plat_console_write(text, strlen(text));
}
