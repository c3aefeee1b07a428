/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <stdint.h>

#include <uk/plat/console.h>

#include "syscall.h"

#define TCGETS 0x5401
#define LOCAL_EDITS 0x0a /* ICANON, ECHO */

/* Linux include/uapi/asm-generic/termbits.h, with room to spare. */
struct termios {
	uint32_t input, output, control, local;
	uint8_t rest[64];
};

unsigned uk_plat_console_flags(void)
{
	struct termios t;
	unsigned flags = 0;

	if (uk_linux_call3(UK_LINUX_IOCTL, 1, TCGETS, (long)&t) < 0)
		flags |= UK_PLAT_CONSOLE_NO_TTY_OUT;
	if (uk_linux_call3(UK_LINUX_IOCTL, 0, TCGETS, (long)&t) < 0)
		flags |= UK_PLAT_CONSOLE_NO_TTY_IN;
	else if ((t.local & LOCAL_EDITS) == LOCAL_EDITS)
		flags |= UK_PLAT_CONSOLE_EDITS;
	return flags;
}
