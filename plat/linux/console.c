/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The console: descriptors 1 and 0. Their modes are left as they are, since other processes share them. */

#include <errno.h>

#include <uk/base.h>
#include <uk/plat/console.h>

#include "linux.h"
#include "syscall.h"

enum {
	INPUT,
	OUTPUT
};

ssize_t uk_plat_console_write(const void *buf, size_t len)
{
	size_t done = 0;

	while (done < len) {
		struct uk_linux_pollfd out = {OUTPUT, UK_LINUX_POLLOUT, 0};
		const long n =
		    uk_linux_call3(UK_LINUX_WRITE, OUTPUT, (long)((const char *)buf + done), (long)(len - done));

		if (n == -EAGAIN)
			uk_linux_poll(&out, 1, UINT64_MAX);
		else if (n < 0 && n != -EINTR)
			return -EIO;
		else if (n > 0)
			done += (size_t)n;
	}
	return (ssize_t)len;
}

ssize_t uk_plat_console_read(void *buf, size_t len)
{
	static bool ended;
	struct uk_linux_pollfd in = {INPUT, UK_LINUX_POLLIN, 0};
	long n = 0;

	if (ended || len == 0)
		return 0;
	if (uk_linux_poll(&in, 1, 0) > 0)
		n = uk_linux_call3(UK_LINUX_READ, INPUT, (long)buf, (long)len);
	else
		n = -EAGAIN;
	uk_linux_input_await(n == -EAGAIN || n == -EINTR);
	if (n == -EAGAIN || n == -EINTR)
		return -EAGAIN;
	ended = n <= 0;
	return n > 0 ? n : 0;
}
