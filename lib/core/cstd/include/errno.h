/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The error number of the calling thread, for what stands below the C library. */
#pragma once

#include <uk/errno_numbers.h>

/* The calling thread's error number, kept by the C library: code below it returns -errno instead. */
extern _Thread_local int errno;
#define errno errno
