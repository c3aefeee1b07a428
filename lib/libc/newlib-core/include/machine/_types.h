/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Types with Linux' sizes on 64-bit machines; newlib's sys/_types.h supplies what is not given here.
 * No `#pragma once`: newlib's own headers ask for _MACHINE__TYPES_H. */
#ifndef _MACHINE__TYPES_H
#define _MACHINE__TYPES_H

#include <machine/_default_types.h>

typedef __uint64_t __dev_t;
#define __machine_dev_t_defined
typedef __uint32_t __uid_t;
#define __machine_uid_t_defined
typedef __uint32_t __gid_t;
#define __machine_gid_t_defined
typedef __uint64_t __ino_t;
#define __machine_ino_t_defined
typedef __uint64_t __fsfilcnt_t;
#define __machine_fsfilcnt_t_defined
typedef int __key_t;
#define __machine_key_t_defined
typedef __uint16_t __sa_family_t;
#define __machine_sa_family_t_defined

#define __machine_clock_t_defined
#define _CLOCK_T_ long
#define __machine_clockid_t_defined
#define _CLOCKID_T_ int

#endif
