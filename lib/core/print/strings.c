/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <uk/plat/console.h>
#include <uk/print.h>

void uk_print_strings(const char *first, ...)
{
	char buf[160];
	unsigned long state = uk_print_begin();
	size_t used = 0;
	va_list ap;

	va_start(ap, first);
	for (const char *s = first; s; s = va_arg(ap, const char *))
		for (; *s; s++) {
			if (used == sizeof(buf)) {
				uk_plat_console_write(buf, used);
				used = 0;
			}
			buf[used++] = *s;
		}
	va_end(ap);
	uk_plat_console_write(buf, used);
	uk_print_end(state);
}
