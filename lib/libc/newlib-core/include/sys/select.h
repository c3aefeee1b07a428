/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* An fd_set of 1,024 descriptors (128 bytes), as Linux has it. */
#ifndef UK_SYS_SELECT_H
#define UK_SYS_SELECT_H

#ifndef FD_SETSIZE
#define FD_SETSIZE 1024
#endif
#include_next <sys/select.h>

#endif
