/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Calls on an open descriptor: each takes a reference, asks fs/vfs, and gives the reference back. There is no state
 * here; what calls on one file do to each other is fs/vfs' and the provider's. */
#include <errno.h>

#include <uk/base.h>

#include "table.h"

#define IOV_MAX 1024

ssize_t uk_fd_read(int fd, void *buf, size_t len)
{
	struct uk_iovec iov = {buf, UK_MIN(len, (size_t)INT64_MAX)};
	struct uk_file *f = uk_fd_get(fd);
	ssize_t done;

	if (!f)
		return -EBADF;
	done = uk_file_readv(f, &iov, 1);
	uk_file_put(f);
	return done;
}

/* A buffer that is only read, in a structure that has no const. */
static struct uk_iovec source(const void *buf, size_t len)
{
	return (struct uk_iovec){(void *)(uintptr_t)buf, UK_MIN(len, (size_t)INT64_MAX)};
}

ssize_t uk_fd_write(int fd, const void *buf, size_t len)
{
	struct uk_iovec iov = source(buf, len);
	struct uk_file *f = uk_fd_get(fd);
	ssize_t done;

	if (!f)
		return -EBADF;
	done = uk_file_writev(f, &iov, 1);
	uk_file_put(f);
	return done;
}

ssize_t uk_fd_pread(int fd, void *buf, size_t len, int64_t pos)
{
	struct uk_iovec iov = {buf, UK_MIN(len, (size_t)INT64_MAX)};
	struct uk_file *f = uk_fd_get(fd);
	ssize_t done;

	if (!f)
		return -EBADF;
	done = uk_file_preadv(f, &iov, 1, pos);
	uk_file_put(f);
	return done;
}

ssize_t uk_fd_pwrite(int fd, const void *buf, size_t len, int64_t pos)
{
	struct uk_iovec iov = source(buf, len);
	struct uk_file *f = uk_fd_get(fd);
	ssize_t done;

	if (!f)
		return -EBADF;
	done = uk_file_pwritev(f, &iov, 1, pos);
	uk_file_put(f);
	return done;
}

ssize_t uk_fd_readv(int fd, const struct uk_iovec *iov, int n)
{
	struct uk_file *f = uk_fd_get(fd);
	ssize_t done;

	if (!f)
		return -EBADF;
	done = n >= 0 && n <= IOV_MAX ? uk_file_readv(f, iov, (size_t)n) : -EINVAL;
	uk_file_put(f);
	return done;
}

ssize_t uk_fd_writev(int fd, const struct uk_iovec *iov, int n)
{
	struct uk_file *f = uk_fd_get(fd);
	ssize_t done;

	if (!f)
		return -EBADF;
	done = n >= 0 && n <= IOV_MAX ? uk_file_writev(f, iov, (size_t)n) : -EINVAL;
	uk_file_put(f);
	return done;
}

int64_t uk_fd_lseek(int fd, int64_t offset, int whence)
{
	struct uk_file *f = uk_fd_get(fd);
	int64_t pos;

	if (!f)
		return -EBADF;
	pos = uk_file_seek(f, offset, whence);
	uk_file_put(f);
	return pos;
}

int uk_fd_truncate(int fd, int64_t size)
{
	struct uk_file *f = uk_fd_get(fd);
	int err = -EINVAL;

	if (!f)
		return -EBADF;
	if (size >= 0 && (f->flags & UK_O_ACCMODE) != UK_O_RDONLY && f->ops->truncate)
		err = f->ops->truncate(f, size);
	uk_file_put(f);
	return err;
}

int uk_fd_sync(int fd, bool data_only)
{
	struct uk_file *f = uk_fd_get(fd);
	int err;

	if (!f)
		return -EBADF;
	err = f->ops->sync ? f->ops->sync(f, data_only) : 0;
	uk_file_put(f);
	return err;
}

int uk_fd_ioctl(int fd, unsigned long request, uintptr_t arg)
{
	struct uk_file *f = uk_fd_get(fd);
	int result;

	if (!f)
		return -EBADF;
	result = f->ops->ioctl ? f->ops->ioctl(f, request, arg) : -ENOTTY;
	uk_file_put(f);
	return result;
}

ssize_t uk_fd_getdents(int fd, void *buf, size_t len)
{
	struct uk_file *f = uk_fd_get(fd);
	ssize_t done;

	if (!f)
		return -EBADF;
	done = uk_file_getdents(f, buf, len);
	uk_file_put(f);
	return done;
}

int uk_fd_stat(int fd, struct uk_stat *st)
{
	struct uk_file *f = uk_fd_get(fd);
	int err;

	if (!f)
		return -EBADF;
	err = uk_file_stat(f, st);
	uk_file_put(f);
	return err;
}

int uk_fd_isatty(int fd)
{
	struct uk_file *f = uk_fd_get(fd), *console = uk_fd_console();
	int result = f ? -ENOTTY : -EBADF;

	if (f == console && uk_fd_console_is_tty(fd))
		result = 1;
	uk_file_put(console);
	if (f)
		uk_file_put(f);
	return result;
}
