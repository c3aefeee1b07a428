/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <errno.h>
#include <time.h>
#include <unistd.h>

#include <uk/plat/console.h>
#include <uk/plat/cpu.h>
#include <uk/plat/time.h>

_Thread_local int errno;

static ssize_t result(ssize_t n)
{
	if (n >= 0)
		return n;
	errno = (int)-n;
	return -1;
}

ssize_t write(int fd, const void *data, size_t len)
{
	return result(fd == STDOUT_FILENO || fd == STDERR_FILENO ? uk_plat_console_write(data, len) : -EBADF);
}

ssize_t read(int fd, void *buf, size_t len)
{
	unsigned long state;
	ssize_t n;

	if (fd != STDIN_FILENO)
		return result(-EBADF);
	state = uk_plat_irq_save();
	while ((n = uk_plat_console_read(buf, len)) == -EAGAIN)
		uk_plat_idle(UINT64_MAX);
	uk_plat_irq_restore(state);
	return result(n);
}
