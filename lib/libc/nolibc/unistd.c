/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The console as descriptors 0, 1 and 2. Locking: input is looked for and waited for under the lock of `input`; output
 * is kept whole by core/print. */
#include <errno.h>
#include <time.h>
#include <unistd.h>

#include <uk/base.h>
#include <uk/plat/console.h>
#include <uk/plat/time.h>
#include <uk/print.h>
#include <uk/wait.h>

#define LOOK_AGAIN_NS 20000000u /* where nobody says that input has come */

_Thread_local int errno;
static struct uk_wait_queue input = UK_WAIT_QUEUE_INIT(input);

UK_WEAK bool uk_plat_console_notify(void (*arrived)(void) UK_UNUSED)
{
	return false;
}

static ssize_t result(ssize_t n)
{
	if (n >= 0)
		return n;
	errno = (int)-n;
	return -1;
}

ssize_t write(int fd, const void *data, size_t len)
{
	unsigned long state;
	ssize_t n;

	if (fd != STDOUT_FILENO && fd != STDERR_FILENO)
		return result(-EBADF);
	state = uk_print_begin();
	n = uk_plat_console_write(data, len);
	uk_print_end(state);
	return result(n);
}

static void arrived(void)
{
	uk_wait_wake(&input);
}

/* Whether a reader has to look again from time to time. Context: the lock of `input` held. */
static bool polled(void)
{
	static bool asked, notified;

	if (!asked)
		notified = uk_plat_console_notify(arrived);
	asked = true;
	return !notified;
}

ssize_t read(int fd, void *buf, size_t len)
{
	unsigned long state;
	bool look_again;
	ssize_t n;

	if (fd != STDIN_FILENO)
		return result(-EBADF);
	state = uk_lock_acquire_irq(&input.lock);
	look_again = polled();
	while ((n = uk_plat_console_read(buf, len)) == -EAGAIN)
		uk_wait_block(&input, look_again ? uk_plat_time_ns() + LOOK_AGAIN_NS : UK_WAIT_FOREVER);
	uk_lock_release_irq(&input.lock, state);
	return result(n);
}
