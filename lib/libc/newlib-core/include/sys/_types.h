/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Three types that newlib fixes without a hook, with Linux' sizes. */
#ifndef UK_SYS__TYPES_H
#define UK_SYS__TYPES_H

#define __nlink_t uk_newlib_nlink_unused
#define __useconds_t uk_newlib_useconds_unused
#define __timer_t uk_newlib_timer_unused
#include_next <sys/_types.h>
#undef __nlink_t
#undef __useconds_t
#undef __timer_t

typedef unsigned long __nlink_t;
typedef unsigned int __useconds_t;
typedef void *__timer_t;

#endif
