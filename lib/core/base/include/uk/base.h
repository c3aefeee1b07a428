/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The few macros that every file may need. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* 1 if option CONFIG_X of the including library is set, else 0: every option is defined as 0 or 1 in the library's
 * <area/name/config.h>, so a misspelt name does not compile and switched-off code still does. */
#define UK_ENABLED(X) (CONFIG_##X)

#define UK_PRINTF(string, first) __attribute__((format(printf, string, first)))
#define UK_WEAK __attribute__((weak))
/* For the declaration of a function that an image may lack: its address is NULL then. Hidden, since the linker would
 * make a table for it otherwise. */
#define UK_WEAK_REF __attribute__((weak, visibility("hidden")))
#define UK_UNUSED __attribute__((unused))
#define UK_ALIGNED(n) __attribute__((aligned(n)))
#define uk_likely(x) __builtin_expect(!!(x), 1)
#define uk_unlikely(x) __builtin_expect(!!(x), 0)

#define UK_STRING_(x) #x
#define UK_STRING(x) UK_STRING_(x)
#define UK_JOIN_(a, b) a##b
#define UK_JOIN(a, b) UK_JOIN_(a, b)

#define UK_ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define UK_MIN(a, b) ((a) < (b) ? (a) : (b)) /* evaluates its smaller operand twice */
#define UK_MAX(a, b) ((a) > (b) ? (a) : (b)) /* evaluates its larger operand twice */

/* x rounded down or up to a multiple of a, a power of two. */
#define UK_ALIGN_DOWN(x, a) ((x) & ~((__typeof__(x))(a)-1))
#define UK_ALIGN_UP(x, a) UK_ALIGN_DOWN((x) + ((__typeof__(x))(a)-1), a)
#define UK_IS_POW2(x) ((x) != 0 && ((x) & ((x)-1)) == 0)

/* The object of the given type whose member is at ptr. */
#define uk_container_of(ptr, type, member) ((type *)(void *)((char *)(ptr)-offsetof(type, member)))
