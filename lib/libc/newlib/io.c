/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Descriptors: POSIX names over posix/fd, and what newlib's stdio calls with a reentrancy structure. */
#define _GNU_SOURCE /* dup3 */
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <reent.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <termios.h>
#include <unistd.h>

#include <uk/base.h>
#include <uk/fd.h>
#include <uk/plat/time.h>

#include "cancel.h"
#include "duration.h"
#include "result.h"

_Static_assert(sizeof(struct iovec) == sizeof(struct uk_iovec), "iovec");
_Static_assert(sizeof(struct pollfd) == sizeof(struct uk_pollfd), "pollfd");

ssize_t read(int fd, void *buf, size_t len)
{
	return uk_newlib_result(UK_NEWLIB_CANCELLABLE(uk_fd_read(fd, buf, len)));
}

ssize_t write(int fd, const void *buf, size_t len)
{
	return uk_newlib_result(UK_NEWLIB_CANCELLABLE(uk_fd_write(fd, buf, len)));
}

ssize_t pread(int fd, void *buf, size_t len, off_t pos)
{
	return uk_newlib_result(UK_NEWLIB_CANCELLABLE(uk_fd_pread(fd, buf, len, pos)));
}

ssize_t pwrite(int fd, const void *buf, size_t len, off_t pos)
{
	return uk_newlib_result(UK_NEWLIB_CANCELLABLE(uk_fd_pwrite(fd, buf, len, pos)));
}

ssize_t readv(int fd, const struct iovec *iov, int n)
{
	return uk_newlib_result(UK_NEWLIB_CANCELLABLE(uk_fd_readv(fd, (const struct uk_iovec *)iov, n)));
}

ssize_t writev(int fd, const struct iovec *iov, int n)
{
	return uk_newlib_result(UK_NEWLIB_CANCELLABLE(uk_fd_writev(fd, (const struct uk_iovec *)iov, n)));
}

off_t lseek(int fd, off_t offset, int whence)
{
	return uk_newlib_result(uk_fd_lseek(fd, offset, whence));
}

int close(int fd)
{
	return (int)uk_newlib_result(UK_NEWLIB_CANCELLABLE(uk_fd_close(fd)));
}

int dup(int fd)
{
	return (int)uk_newlib_result(uk_fd_dup(fd));
}

int dup2(int fd, int to)
{
	return (int)uk_newlib_result(uk_fd_dup2(fd, to));
}

int dup3(int fd, int to, int flags)
{
	return (int)uk_newlib_result(uk_fd_dup3(fd, to, (unsigned)flags));
}

int fsync(int fd)
{
	return (int)uk_newlib_result(UK_NEWLIB_CANCELLABLE(uk_fd_sync(fd, false)));
}

int fdatasync(int fd)
{
	return (int)uk_newlib_result(UK_NEWLIB_CANCELLABLE(uk_fd_sync(fd, true)));
}

int ftruncate(int fd, off_t size)
{
	return (int)uk_newlib_result(uk_fd_truncate(fd, size));
}

int isatty(int fd)
{
	return uk_newlib_result(uk_fd_isatty(fd)) == 1;
}

int fcntl(int fd, int command, ...)
{
	va_list args;
	uintptr_t arg;

	va_start(args, command);
	arg = va_arg(args, uintptr_t);
	va_end(args);
	return (int)uk_newlib_result(UK_NEWLIB_CANCELLABLE(uk_fd_fcntl(fd, command, arg)));
}

int ioctl(int fd, unsigned long request, ...)
{
	va_list args;
	uintptr_t arg;

	va_start(args, request);
	arg = va_arg(args, uintptr_t);
	va_end(args);
	return (int)uk_newlib_result(uk_fd_ioctl(fd, request, arg));
}

int flock(int fd, int operation UK_UNUSED)
{
	/* one process: its own locks never exclude it */
	return fcntl(fd, F_GETFD) < 0 ? -1 : 0;
}

int poll(struct pollfd *fds, nfds_t n, int timeout)
{
	uint64_t deadline = timeout < 0 ? UK_WAIT_FOREVER : 0;

	if (timeout > 0)
		deadline = uk_plat_time_ns() + (uint64_t)timeout * 1000000;
	uk_libc_cancel_point();
	uk_signal_begin();
	return (int)uk_newlib_result(UK_NEWLIB_WAIT(uk_fd_poll((struct uk_pollfd *)fds, n, deadline), false, true));
}

static bool in_set(int fd, const fd_set *set)
{
	return set && FD_ISSET(fd, set);
}

/* The sets as a list for poll; FD_SETSIZE bounds it. */
static size_t gather(int n, const fd_set *in, const fd_set *out, const fd_set *exceptional, struct uk_pollfd *fds)
{
	size_t count = 0;

	for (int fd = 0; fd < n; fd++) {
		int events = (in_set(fd, in) ? POLLIN : 0) | (in_set(fd, out) ? POLLOUT : 0) |
			     (in_set(fd, exceptional) ? POLLPRI : 0);

		if (events)
			fds[count++] = (struct uk_pollfd){fd, (int16_t)events, 0};
	}
	return count;
}

/* Put into the set the descriptors with one of the events; how many. */
static int scatter(const struct uk_pollfd *fds, size_t count, fd_set *set, int events)
{
	int found = 0;

	if (!set)
		return 0;
	for (size_t i = 0; i < count; i++) {
		if (!FD_ISSET(fds[i].fd, set))
			continue;
		FD_CLR(fds[i].fd, set);
		if (fds[i].revents & events) {
			FD_SET(fds[i].fd, set);
			found++;
		}
	}
	return found;
}

/* Select with a timeout that, other than NULL for none, is checked here; after uk_signal_begin(). */
static int select_for(int n, fd_set *in, fd_set *out, fd_set *exceptional, const struct timespec *timeout)
{
	struct uk_pollfd fds[FD_SETSIZE];
	uint64_t deadline = UK_WAIT_FOREVER;
	size_t count;
	int found;

	if (n < 0 || n > FD_SETSIZE || (timeout && !uk_newlib_time_valid(timeout)))
		return (int)uk_newlib_result(-EINVAL);
	if (timeout)
		deadline = timeout->tv_sec || timeout->tv_nsec ? uk_newlib_time_add(uk_plat_time_ns(), timeout) : 0;
	count = gather(n, in, out, exceptional, fds);
	uk_libc_cancel_point();
	if (uk_newlib_result(UK_NEWLIB_WAIT(uk_fd_poll(fds, count, deadline), false, true)) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (fds[i].revents & POLLNVAL)
			return (int)uk_newlib_result(-EBADF);
	found = scatter(fds, count, in, POLLIN | POLLHUP | POLLERR);
	found += scatter(fds, count, out, POLLOUT | POLLERR);
	return found + scatter(fds, count, exceptional, POLLPRI);
}

int select(int n, fd_set *in, fd_set *out, fd_set *exceptional, struct timeval *timeout)
{
	struct timespec t;

	uk_signal_begin();
	if (!timeout)
		return select_for(n, in, out, exceptional, NULL);
	/* as on Linux, tv_usec may be more than a second */
	t.tv_nsec = timeout->tv_usec < 0 ? -1 : (long)(timeout->tv_usec % 1000000) * 1000;
	if (__builtin_add_overflow(timeout->tv_sec, timeout->tv_usec / 1000000, &t.tv_sec))
		t.tv_sec = LONG_MAX;
	return select_for(n, in, out, exceptional, &t);
}

int pselect(int n, fd_set *in, fd_set *out, fd_set *exceptional, const struct timespec *timeout, const sigset_t *mask)
{
	uint64_t before;
	int found;

	uk_signal_begin();
	if (!mask)
		return select_for(n, in, out, exceptional, timeout);
	if (uk_signal_mask_enter(*mask, &before))
		found = (int)uk_newlib_result(-EINTR);
	else
		found = select_for(n, in, out, exceptional, timeout);
	uk_signal_mask_leave(before);
	return found;
}

int tcgetattr(int fd, struct termios *settings)
{
	*settings = (struct termios){0};
	return ioctl(fd, TCGETS, settings);
}

int tcsetattr(int fd, int when, const struct termios *settings)
{
	if (when < TCSANOW || when > TCSAFLUSH)
		return (int)uk_newlib_result(-EINVAL);
	return ioctl(fd, TCSETS + (unsigned)when, settings);
}

ssize_t _read_r(struct _reent *r UK_UNUSED, int fd, void *buf, size_t len)
{
	return uk_newlib_result(UK_NEWLIB_RESTARTED(uk_fd_read(fd, buf, len)));
}

ssize_t _write_r(struct _reent *r UK_UNUSED, int fd, const void *buf, size_t len)
{
	return uk_newlib_result(UK_NEWLIB_RESTARTED(uk_fd_write(fd, buf, len)));
}

off_t _lseek_r(struct _reent *r UK_UNUSED, int fd, off_t offset, int whence)
{
	return lseek(fd, offset, whence);
}

int _close_r(struct _reent *r UK_UNUSED, int fd)
{
	return (int)uk_newlib_result(uk_fd_close(fd));
}

int _fcntl_r(struct _reent *r UK_UNUSED, int fd, int command, int arg)
{
	return (int)uk_newlib_result(uk_fd_fcntl(fd, command, (uintptr_t)(long)arg));
}

int _isatty_r(struct _reent *r UK_UNUSED, int fd)
{
	return uk_fd_isatty(fd) == 1;
}
