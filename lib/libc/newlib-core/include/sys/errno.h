/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* errno as newlib keeps it, with Linux' error numbers. */
#pragma once

#include <uk/errno_numbers.h>

#include <sys/reent.h>

#ifndef _REENT_ONLY
#define errno (__getreent()->_errno)
/* Where the running thread keeps its error number, for code that was compiled without this header. Context: any. */
extern int *__errno(void);
#endif

/* Texts of the numbers below _sys_nerr, NULL where there is no such number; use strerror(). Context: any. */
extern const char *const _sys_errlist[];
extern int _sys_nerr;

#define __errno_r(ptr) ((ptr)->_errno)

#define __ELASTERROR 4095
