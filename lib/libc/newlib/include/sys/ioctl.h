/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* ioctl() with Linux' numbers; what a device understands is its own matter, the rest is ENOTTY. */
#pragma once

#include <sys/termios.h>

#define FIONBIO 0x5421
#define FIOCLEX 0x5451
#define FIONCLEX 0x5450

/* Ask the file behind fd for something: the request's result, -1 with errno. */
int ioctl(int fd, unsigned long request, ...);
