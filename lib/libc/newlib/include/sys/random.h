/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* getrandom() as in Linux' manual. */
#pragma once

#include <stddef.h>
#include <sys/types.h>

#define GRND_NONBLOCK 1
#define GRND_RANDOM 2

/* Fill buf with random bytes: len, or -1 with errno EAGAIN where the platform has no source fit for keys. */
ssize_t getrandom(void *buf, size_t len, unsigned flags);
