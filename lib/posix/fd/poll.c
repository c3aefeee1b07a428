/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Waiting for several descriptors: while anybody polls, every file that becomes ready also wakes uk_file_any. */
#include <uk/base.h>

#include "table.h"

/* Look at all of them once: how many are ready. */
static int look(struct uk_pollfd *fds, size_t n)
{
	int ready = 0;

	for (size_t i = 0; i < n; i++) {
		struct uk_file *f = uk_fd_get(fds[i].fd);

		fds[i].revents = 0;
		if (f) {
			fds[i].revents = (int16_t)uk_file_poll(f, (uint16_t)fds[i].events);
			uk_file_put(f);
		} else if (fds[i].fd >= 0) {
			fds[i].revents = UK_POLLNVAL;
		}
		ready += fds[i].revents != 0;
	}
	return ready;
}

int uk_fd_poll(struct uk_pollfd *fds, size_t n, uint64_t deadline)
{
	int ready = look(fds, n);

	if (ready || !deadline)
		return ready;
	__atomic_fetch_add(&uk_file_pollers, 1, __ATOMIC_SEQ_CST);
	uk_wait(&uk_file_any, (ready = look(fds, n)) != 0, deadline);
	__atomic_fetch_sub(&uk_file_pollers, 1, __ATOMIC_SEQ_CST);
	return ready;
}
