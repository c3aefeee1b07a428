/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Between the parts of posix/fd. */
#pragma once

#include <uk/fd.h>

/* The console as an open file, with a reference. Context: any. */
struct uk_file *uk_fd_console(void);

/* Make it. Context: once, before the others. */
void uk_fd_console_init(void);

/* Whether the console's input and output are no terminal; for isatty(). Context: any. */
bool uk_fd_console_is_tty(int fd);
