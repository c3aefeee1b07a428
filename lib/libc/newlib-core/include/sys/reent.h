/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The reentrancy structure of the running thread is found through one thread-local pointer. */
#ifndef UK_SYS_REENT_H
#define UK_SYS_REENT_H

#define __getreent __getreent
#include_next <sys/reent.h>
#undef __getreent

/* Set for the boot thread by the initial image of its TLS block; a thread library gives every new thread its own
 * with _REENT_INIT_PTR(). Never NULL. */
extern __thread struct _reent *uk_newlib_reent;
#define __getreent() (uk_newlib_reent)

#endif
