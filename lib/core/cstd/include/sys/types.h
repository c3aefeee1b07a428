/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* POSIX types with the sizes they have on Linux for 64-bit machines. */
#pragma once

#include <stddef.h>

typedef long ssize_t;
typedef long off_t;
typedef long off64_t;
typedef long blkcnt_t;
typedef long blksize_t;
typedef long suseconds_t;
typedef long time_t;
typedef unsigned long dev_t;
typedef unsigned long ino_t;
typedef unsigned long nlink_t;
typedef unsigned int mode_t;
typedef unsigned int uid_t;
typedef unsigned int gid_t;
typedef unsigned int id_t;
typedef unsigned int useconds_t;
typedef int pid_t;
typedef int clockid_t;
