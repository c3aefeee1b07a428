/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

#include <uk/plat/console.h>
#include <uk/plat/time.h>

#include "host.h"

#define NS_PER_S UINT64_C(1000000000)

bool uk_host_mute;
static bool input_ended;

ssize_t uk_plat_console_write(const void *buf, size_t len)
{
	for (size_t done = 0; done < len && !uk_host_mute;) {
		ssize_t n = write(STDOUT_FILENO, (const char *)buf + done, len - done);

		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return -EIO;
		done += n > 0 ? (size_t)n : 0;
	}
	return (ssize_t)len;
}

ssize_t uk_plat_console_read(void *buf, size_t len)
{
	struct pollfd in = {STDIN_FILENO, POLLIN, 0};
	ssize_t n;

	if (!len || poll(&in, 1, 0) <= 0)
		return len ? -EAGAIN : 0;
	n = read(STDIN_FILENO, buf, len);
	input_ended = n == 0;
	return n >= 0 ? n : errno == EINTR || errno == EAGAIN ? -EAGAIN : -EIO;
}

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

uint64_t uk_plat_time_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

uint64_t uk_plat_wall_ns(void)
{
	return clock_ns(CLOCK_REALTIME);
}

void uk_host_sleep(uint64_t deadline)
{
	struct pollfd in = {STDIN_FILENO, POLLIN, 0};
	uint64_t now = uk_plat_time_ns(), ns = deadline > now ? deadline - now : 0;
	struct timespec timeout = {(time_t)(ns / NS_PER_S), (long)(ns % NS_PER_S)};

	ppoll(&in, !input_ended, deadline == UINT64_MAX && !input_ended ? NULL : &timeout, NULL);
}

unsigned uk_plat_console_flags(void)
{
	return (isatty(STDIN_FILENO) ? UK_PLAT_CONSOLE_EDITS : UK_PLAT_CONSOLE_NO_TTY_IN) |
	       (isatty(STDOUT_FILENO) ? 0 : UK_PLAT_CONSOLE_NO_TTY_OUT);
}
