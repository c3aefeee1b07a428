/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Calls with a path, and the working directory. Changing the directory while another thread resolves a relative
 * path is the program's race, as anywhere; the path itself is only replaced as a whole. */
#include <errno.h>
#include <string.h>

#include <uk/alloc.h>
#include <uk/base.h>

#include "table.h"

static char root[] = "/";
static char *cwd = root;

/* What a relative path counts from: the working directory or an open one, which *held keeps alive. */
static int base_of(int dirfd, const char *path, const char **base, struct uk_file **held)
{
	*held = NULL;
	*base = cwd;
	if (path[0] == '/' || dirfd == UK_AT_FDCWD)
		return 0;
	*held = uk_fd_get(dirfd);
	if (!*held)
		return -EBADF;
	*base = (*held)->path;
	if (*base)
		return 0;
	uk_file_put(*held);
	return -ENOTDIR;
}

static void drop(struct uk_file *held)
{
	if (held)
		uk_file_put(held);
}

int uk_fd_open(int dirfd, const char *path, unsigned flags, unsigned mode)
{
	struct uk_file *held, *f;
	const char *base;
	int err = base_of(dirfd, path, &base, &held);

	if (err)
		return err;
	err = uk_vfs_open(base, path, flags, mode, &f);
	drop(held);
	return err ? err : uk_fd_install(f, 0, flags & UK_O_CLOEXEC ? UK_FD_CLOEXEC : 0);
}

int uk_fd_stat_at(int dirfd, const char *path, struct uk_stat *st, int flags)
{
	struct uk_file *held;
	const char *base;
	int err;

	if (!path[0] && (flags & UK_AT_EMPTY_PATH))
		return dirfd == UK_AT_FDCWD ? uk_vfs_stat("/", cwd, true, st) : uk_fd_stat(dirfd, st);
	err = base_of(dirfd, path, &base, &held);
	if (err)
		return err;
	err = uk_vfs_stat(base, path, !(flags & UK_AT_SYMLINK_NOFOLLOW), st);
	drop(held);
	return err;
}

/* -EROFS for what lies in a read-only file system. */
static int check_writable(int dirfd, const char *path)
{
	struct uk_file *held;
	const char *base;
	int err = base_of(dirfd, path, &base, &held);

	if (err)
		return err;
	err = uk_vfs_writable(base, path);
	drop(held);
	return err;
}

int uk_fd_access(int dirfd, const char *path, int mode)
{
	struct uk_stat st;
	int err = mode & ~7 ? -EINVAL : uk_fd_stat_at(dirfd, path, &st, 0);

	if (!err && (mode & 2))
		err = check_writable(dirfd, path);
	if (err)
		return err;
	if ((mode & 1) && !(st.mode & 0111))
		return -EACCES;
	return (mode & 2) && !(st.mode & 0222) ? -EACCES : 0;
}

ssize_t uk_fd_readlink(int dirfd, const char *path, char *buf, size_t size)
{
	struct uk_file *held;
	const char *base;
	ssize_t len = base_of(dirfd, path, &base, &held);

	if (len)
		return len;
	len = uk_vfs_readlink(base, path, buf, size);
	drop(held);
	return len;
}

int uk_fd_mkdir(int dirfd, const char *path, unsigned mode)
{
	struct uk_file *held;
	const char *base;
	int err = base_of(dirfd, path, &base, &held);

	if (err)
		return err;
	err = uk_vfs_mkdir(base, path, mode);
	drop(held);
	return err;
}

int uk_fd_unlink(int dirfd, const char *path, int flags)
{
	struct uk_file *held;
	const char *base;
	int err = base_of(dirfd, path, &base, &held);

	if (err)
		return err;
	err = flags & UK_AT_REMOVEDIR ? uk_vfs_rmdir(base, path) : uk_vfs_unlink(base, path);
	drop(held);
	return err;
}

static int two_paths(bool is_link, int from_dirfd, const char *from, int to_dirfd, const char *to)
{
	struct uk_file *from_held, *to_held;
	const char *from_base, *to_base;
	int err = base_of(from_dirfd, from, &from_base, &from_held);

	if (err)
		return err;
	err = base_of(to_dirfd, to, &to_base, &to_held);
	if (!err) {
		err = is_link ? uk_vfs_link(from_base, from, to_base, to) : uk_vfs_rename(from_base, from, to_base, to);
		drop(to_held);
	}
	drop(from_held);
	return err;
}

int uk_fd_rename(int from_dirfd, const char *from, int to_dirfd, const char *to)
{
	return two_paths(false, from_dirfd, from, to_dirfd, to);
}

int uk_fd_link(int from_dirfd, const char *from, int to_dirfd, const char *to)
{
	return two_paths(true, from_dirfd, from, to_dirfd, to);
}

int uk_fd_symlink(const char *target, int dirfd, const char *path)
{
	struct uk_file *held;
	const char *base;
	int err = base_of(dirfd, path, &base, &held);

	if (err)
		return err;
	err = uk_vfs_symlink(target, base, path);
	drop(held);
	return err;
}

int uk_fd_chmod(int dirfd, const char *path, unsigned mode)
{
	struct uk_file *held;
	const char *base;
	int err = base_of(dirfd, path, &base, &held);

	if (err)
		return err;
	err = uk_vfs_chmod(base, path, mode);
	drop(held);
	return err;
}

int uk_fd_utimens(int dirfd, const char *path, const struct uk_timespec times[2], int flags)
{
	struct uk_file *held;
	const char *base;
	int err = base_of(dirfd, path, &base, &held);

	if (err)
		return err;
	err = uk_vfs_utimens(base, path, !(flags & UK_AT_SYMLINK_NOFOLLOW), times);
	drop(held);
	return err;
}

int uk_fd_realpath(const char *path, char *out)
{
	return uk_vfs_resolve(cwd, path, true, out);
}

/* Take over path, which was allocated here, as the working directory. */
static void set_cwd(char *path)
{
	if (cwd != root)
		uk_free(cwd);
	cwd = path;
}

int uk_fd_chdir(const char *path)
{
	struct uk_stat st;
	int err = uk_vfs_stat(cwd, path, true, &st);
	char *resolved;

	if (err)
		return err;
	if ((st.mode & UK_S_IFMT) != UK_S_IFDIR)
		return -ENOTDIR;
	resolved = uk_malloc(UK_PATH_MAX);
	if (!resolved)
		return -ENOMEM;
	err = uk_vfs_resolve(cwd, path, true, resolved);
	if (err)
		uk_free(resolved);
	else
		set_cwd(resolved);
	return err;
}

int uk_fd_fchdir(int fd)
{
	struct uk_file *f = uk_fd_get(fd);
	int err = -ENOTDIR;

	if (!f)
		return -EBADF;
	if (f->path)
		err = uk_fd_chdir(f->path);
	uk_file_put(f);
	return err;
}

ssize_t uk_fd_getcwd(char *buf, size_t size)
{
	size_t len = strlen(cwd);

	if (len >= size)
		return -ERANGE;
	memcpy(buf, cwd, len + 1);
	return (ssize_t)len;
}
