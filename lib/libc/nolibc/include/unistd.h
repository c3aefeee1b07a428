/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* POSIX <unistd.h>: the console as descriptors 0, 1 and 2, waiting, ending. */
#pragma once

#include <stddef.h>
#include <sys/types.h>

#define STDIN_FILENO 0
#define STDOUT_FILENO 1
#define STDERR_FILENO 2

/* The number of bytes, or -1 with errno: EBADF for other descriptors, EIO when the console is gone. read waits until
 * there is something; 0 is the end of the input. Context: threads. */
ssize_t write(int fd, const void *data, size_t len);
ssize_t read(int fd, void *buf, size_t len);

/* End the system without running what atexit() keeps. Context: threads. */
_Noreturn void _exit(int status);

/* Wait for a number of seconds, microseconds. 0. Context: threads. */
unsigned sleep(unsigned seconds);
int usleep(useconds_t us);
