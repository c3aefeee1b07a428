/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* POSIX.1-2017 <poll.h> with Linux' values. */
#pragma once

typedef unsigned long nfds_t;

#define POLLIN 0x001
#define POLLPRI 0x002
#define POLLOUT 0x004
#define POLLERR 0x008
#define POLLHUP 0x010
#define POLLNVAL 0x020
#define POLLRDNORM 0x040
#define POLLRDBAND 0x080
#define POLLWRNORM 0x100
#define POLLWRBAND 0x200

struct pollfd {
	int fd;
	short events;
	short revents;
};

/* Wait up to timeout ms (negative: without end) for one of n descriptors: how many are ready, -1 with errno. */
int poll(struct pollfd *fds, nfds_t n, int timeout);
