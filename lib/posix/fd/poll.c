/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Waiting for several descriptors: while anybody polls, every file that becomes ready also wakes uk_file_any.
 *
 * Locking: the files are looked at without any lock, since giving a reference back may wait. An event that comes
 * between the look and the wait changes uk_file_events, so it is not missed. */
#include <errno.h>

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

/* Wait once, unless there were events since the count was `events`; without a scheduler any interrupt ends it. 0,
 * -ETIMEDOUT or -EINTR. */
static int wait_for_event(uint32_t events, uint64_t deadline)
{
	unsigned long state = uk_lock_acquire_irq(&uk_file_any.lock);
	int err = uk_wait_expired(deadline);

	if (!err)
		err = uk_wait_interrupted();
	if (!err && __atomic_load_n(&uk_file_events, __ATOMIC_SEQ_CST) == events)
		uk_wait_block(&uk_file_any, deadline);
	uk_lock_release_irq(&uk_file_any.lock, state);
	return err;
}

int uk_fd_poll(struct uk_pollfd *fds, size_t n, uint64_t deadline)
{
	int ready = look(fds, n), err = 0;

	if (ready || !deadline)
		return ready;
	__atomic_fetch_add(&uk_file_pollers, 1, __ATOMIC_SEQ_CST);
	while (!err) {
		uint32_t events = __atomic_load_n(&uk_file_events, __ATOMIC_SEQ_CST);

		ready = look(fds, n);
		if (ready)
			break;
		err = wait_for_event(events, deadline);
	}
	__atomic_fetch_sub(&uk_file_pollers, 1, __ATOMIC_SEQ_CST);
	return ready ? ready : err == -ETIMEDOUT ? 0 : err;
}
