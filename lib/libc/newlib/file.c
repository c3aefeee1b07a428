/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Paths: POSIX names over posix/fd. */
#include <fcntl.h>
#include <limits.h>
#include <reent.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <uk/base.h>
#include <uk/fd.h>

#include "cancel.h"
#include "result.h"

_Static_assert(sizeof(struct stat) == sizeof(struct uk_stat), "stat");
_Static_assert(offsetof(struct stat, st_mode) == offsetof(struct uk_stat, mode), "stat");
_Static_assert(offsetof(struct stat, st_size) == offsetof(struct uk_stat, size), "stat");
_Static_assert(offsetof(struct stat, st_ctim) == offsetof(struct uk_stat, ctime), "stat");
_Static_assert((int)UK_O_DIRECTORY == O_DIRECTORY && (int)UK_O_CLOEXEC == O_CLOEXEC, "open flags");
_Static_assert((int)UK_O_APPEND == O_APPEND && (int)UK_O_NONBLOCK == O_NONBLOCK, "open flags");
_Static_assert(UK_PATH_MAX == PATH_MAX, "path");

static mode_t mask = 022;

static long open_at(int dirfd, const char *path, int flags, mode_t mode)
{
	return uk_fd_open(dirfd, path, (unsigned)flags, mode & ~mask);
}

static int open_cancellable(int dirfd, const char *path, int flags, mode_t mode)
{
	return (int)uk_newlib_result(UK_NEWLIB_CANCELLABLE(open_at(dirfd, path, flags, mode)));
}

int open(const char *path, int flags, ...)
{
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = va_arg(args, mode_t);
	va_end(args);
	return open_cancellable(AT_FDCWD, path, flags, mode);
}

int openat(int dirfd, const char *path, int flags, ...)
{
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = va_arg(args, mode_t);
	va_end(args);
	return open_cancellable(dirfd, path, flags, mode);
}

int creat(const char *path, mode_t mode)
{
	return open_cancellable(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

int fstat(int fd, struct stat *st)
{
	return (int)uk_newlib_result(uk_fd_stat(fd, (struct uk_stat *)st));
}

int fstatat(int dirfd, const char *restrict path, struct stat *restrict st, int flags)
{
	return (int)uk_newlib_result(uk_fd_stat_at(dirfd, path, (struct uk_stat *)st, flags));
}

int stat(const char *restrict path, struct stat *restrict st)
{
	return fstatat(AT_FDCWD, path, st, 0);
}

int lstat(const char *restrict path, struct stat *restrict st)
{
	return fstatat(AT_FDCWD, path, st, AT_SYMLINK_NOFOLLOW);
}

int access(const char *path, int mode)
{
	return (int)uk_newlib_result(uk_fd_access(AT_FDCWD, path, mode));
}

int faccessat(int dirfd, const char *path, int mode, int flags UK_UNUSED)
{
	return (int)uk_newlib_result(uk_fd_access(dirfd, path, mode));
}

ssize_t readlink(const char *restrict path, char *restrict buf, size_t size)
{
	return uk_newlib_result(uk_fd_readlink(AT_FDCWD, path, buf, size));
}

ssize_t readlinkat(int dirfd, const char *restrict path, char *restrict buf, size_t size)
{
	return uk_newlib_result(uk_fd_readlink(dirfd, path, buf, size));
}

int mkdir(const char *path, mode_t mode)
{
	return (int)uk_newlib_result(uk_fd_mkdir(AT_FDCWD, path, mode & ~mask));
}

int mkdirat(int dirfd, const char *path, mode_t mode)
{
	return (int)uk_newlib_result(uk_fd_mkdir(dirfd, path, mode & ~mask));
}

int unlink(const char *path)
{
	return (int)uk_newlib_result(uk_fd_unlink(AT_FDCWD, path, 0));
}

int unlinkat(int dirfd, const char *path, int flags)
{
	return (int)uk_newlib_result(uk_fd_unlink(dirfd, path, flags));
}

int rmdir(const char *path)
{
	return (int)uk_newlib_result(uk_fd_unlink(AT_FDCWD, path, AT_REMOVEDIR));
}

int link(const char *from, const char *to)
{
	return (int)uk_newlib_result(uk_fd_link(AT_FDCWD, from, AT_FDCWD, to));
}

int symlink(const char *target, const char *path)
{
	return (int)uk_newlib_result(uk_fd_symlink(target, AT_FDCWD, path));
}

int chmod(const char *path, mode_t mode)
{
	return (int)uk_newlib_result(uk_fd_chmod(AT_FDCWD, path, mode));
}

int utimensat(int dirfd, const char *path, const struct timespec times[2], int flags)
{
	return (int)uk_newlib_result(uk_fd_utimens(dirfd, path, (const struct uk_timespec *)times, flags));
}

int truncate(const char *path, off_t size)
{
	int fd = open(path, O_WRONLY), result;

	if (fd < 0)
		return -1;
	result = ftruncate(fd, size);
	close(fd);
	return result;
}

mode_t umask(mode_t value)
{
	mode_t old = mask;

	mask = value & 0777;
	return old;
}

int chdir(const char *path)
{
	return (int)uk_newlib_result(uk_fd_chdir(path));
}

int fchdir(int fd)
{
	return (int)uk_newlib_result(uk_fd_fchdir(fd));
}

char *getcwd(char *buf, size_t size)
{
	char *own = NULL;

	if (!buf) {
		size = size ? size : PATH_MAX;
		buf = own = malloc(size);
		if (!buf)
			return NULL;
	}
	if (uk_newlib_result(size ? uk_fd_getcwd(buf, size) : -EINVAL) >= 0)
		return buf;
	free(own);
	return NULL;
}

char *realpath(const char *restrict path, char *restrict out)
{
	char *own = out ? NULL : malloc(PATH_MAX);
	struct stat st;

	if (!out && !own)
		return NULL;
	out = out ? out : own;
	if (!uk_newlib_result(uk_fd_realpath(path, out)) && !stat(out, &st))
		return out;
	free(own);
	return NULL;
}

int _open_r(struct _reent *r UK_UNUSED, const char *path, int flags, int mode)
{
	return (int)uk_newlib_result(open_at(AT_FDCWD, path, flags, (mode_t)mode));
}

int _fstat_r(struct _reent *r UK_UNUSED, int fd, struct stat *st)
{
	return fstat(fd, st);
}

int _stat_r(struct _reent *r UK_UNUSED, const char *path, struct stat *st)
{
	return stat(path, st);
}

int _link_r(struct _reent *r UK_UNUSED, const char *from, const char *to)
{
	return link(from, to);
}

int _unlink_r(struct _reent *r UK_UNUSED, const char *path)
{
	return unlink(path);
}

int _mkdir_r(struct _reent *r UK_UNUSED, const char *path, int mode)
{
	return mkdir(path, (mode_t)mode);
}

int _rename_r(struct _reent *r UK_UNUSED, const char *from, const char *to)
{
	return (int)uk_newlib_result(uk_fd_rename(AT_FDCWD, from, AT_FDCWD, to));
}
