/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* How the library is shaped: a reentrancy structure for each thread, streams shared by all of them. */
#ifndef UK_SYS_CONFIG_H
#define UK_SYS_CONFIG_H

#define __DYNAMIC_REENT__
#define _REENT_GLOBAL_ATEXIT
#define _REENT_GLOBAL_STDIO_STREAMS
#define _READ_WRITE_RETURN_TYPE _ssize_t
#define _READ_WRITE_BUFSIZE_TYPE __SIZE_TYPE__

#include_next <sys/config.h>

#endif
