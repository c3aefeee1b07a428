/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* C11 7.2. May be included several times, with and without NDEBUG: no `#pragma once`. */
#undef assert
#ifdef NDEBUG
#define assert(cond) ((void)0)
#else
#define assert(cond) ((cond) ? (void)0 : uk_nolibc_assert(#cond, __FILE__, __LINE__))
#endif

#ifndef static_assert
#define static_assert _Static_assert
/* Panic with the failed condition. Context: any. */
_Noreturn void uk_nolibc_assert(const char *cond, const char *file, int line);
#endif
