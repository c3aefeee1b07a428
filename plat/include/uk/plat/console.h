/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Platform contract: the console, a byte stream in each direction. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Write len bytes, all of them, waiting for the device if need be. Returns len, or -EIO once the other end is gone
 * for good. Bytes are not translated (no CR is added). Context: any, the panic path included. */
ssize_t uk_plat_console_write(const void *buf, size_t len);

/* Read at most len bytes without waiting. Returns the number read, 0 at the end of the input, -EAGAIN if nothing
 * has arrived (wait with uk_plat_idle(): an arriving byte ends it). Context: any but interrupt handlers. */
ssize_t uk_plat_console_read(void *buf, size_t len);

/* Have arrived() called whenever input may have come since uk_plat_console_read() last found none: in interrupt
 * context, or by uk_plat_idle(). Whether the platform does so; one without the function does not. Context: once, level
 * FS or later. */
bool uk_plat_console_notify(void (*arrived)(void));

/* What is at the other end: whether it edits lines and echoes itself or is no terminal (then nothing must be echoed),
 * and whether input or output is a file or pipe. 0, which is also what a platform without the function gets, means a
 * bare serial line with a person at it. Context: any. */
enum {
	UK_PLAT_CONSOLE_EDITS = 1,
	UK_PLAT_CONSOLE_NO_TTY_IN = 2,
	UK_PLAT_CONSOLE_NO_TTY_OUT = 4,
};
unsigned uk_plat_console_flags(void);
