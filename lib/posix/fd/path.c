/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Calls with a path, and the working directory.
 *
 * Locking: `lock` guards which working directory it is; a call that resolves a relative path holds a reference to the
 * one it began with, so another thread's chdir() does not disturb it. */
#include <errno.h>
#include <string.h>

#include <uk/alloc.h>
#include <uk/base.h>

#include "table.h"

/* A working directory: allocated but for the first one, which is "/" and never given back. */
struct directory {
	uint32_t refs;
	char path[];
};

static struct directory root = {.refs = 2, .path = "/"}; /* one reference is for ever */
static struct directory *cwd = &root;
static struct uk_lock lock = UK_LOCK_INIT;

static struct directory *get_cwd(void)
{
	unsigned long state = uk_lock_acquire_irq(&lock);
	struct directory *d = cwd;

	__atomic_fetch_add(&d->refs, 1, __ATOMIC_RELAXED);
	uk_lock_release_irq(&lock, state);
	return d;
}

static void put_cwd(struct directory *d)
{
	if (!__atomic_sub_fetch(&d->refs, 1, __ATOMIC_ACQ_REL))
		uk_free(d);
}

/* What a relative path counts from, and what keeps that alive. */
struct base {
	const char *path;
	struct directory *cwd;
	struct uk_file *file;
};

static int get_base(struct base *b, int dirfd, const char *path)
{
	*b = (struct base){.path = root.path};
	if (path[0] == '/')
		return 0;
	if (dirfd == UK_AT_FDCWD) {
		b->cwd = get_cwd();
		b->path = b->cwd->path;
		return 0;
	}
	b->file = uk_fd_get(dirfd);
	if (!b->file)
		return -EBADF;
	b->path = b->file->path;
	if (b->path)
		return 0;
	uk_file_put(b->file);
	return -ENOTDIR;
}

static void put_base(const struct base *b)
{
	if (b->cwd)
		put_cwd(b->cwd);
	if (b->file)
		uk_file_put(b->file);
}

int uk_fd_open(int dirfd, const char *path, unsigned flags, unsigned mode)
{
	struct uk_file *f;
	struct base b;
	int err = get_base(&b, dirfd, path);

	if (err)
		return err;
	err = uk_vfs_open(b.path, path, flags, mode, &f);
	put_base(&b);
	return err ? err : uk_fd_install(f, 0, flags & UK_O_CLOEXEC ? UK_FD_CLOEXEC : 0);
}

int uk_fd_stat_at(int dirfd, const char *path, struct uk_stat *st, int flags)
{
	bool itself = !path[0] && (flags & UK_AT_EMPTY_PATH);
	struct base b;
	int err;

	if (itself && dirfd != UK_AT_FDCWD)
		return uk_fd_stat(dirfd, st);
	err = get_base(&b, dirfd, path);
	if (err)
		return err;
	err = uk_vfs_stat(b.path, itself ? b.path : path, !(flags & UK_AT_SYMLINK_NOFOLLOW), st);
	put_base(&b);
	return err;
}

/* -EROFS for what lies in a read-only file system. */
static int check_writable(int dirfd, const char *path)
{
	struct base b;
	int err = get_base(&b, dirfd, path);

	if (err)
		return err;
	err = uk_vfs_writable(b.path, path);
	put_base(&b);
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
	struct base b;
	ssize_t len = get_base(&b, dirfd, path);

	if (len)
		return len;
	len = uk_vfs_readlink(b.path, path, buf, size);
	put_base(&b);
	return len;
}

int uk_fd_mkdir(int dirfd, const char *path, unsigned mode)
{
	struct base b;
	int err = get_base(&b, dirfd, path);

	if (err)
		return err;
	err = uk_vfs_mkdir(b.path, path, mode);
	put_base(&b);
	return err;
}

int uk_fd_unlink(int dirfd, const char *path, int flags)
{
	struct base b;
	int err = get_base(&b, dirfd, path);

	if (err)
		return err;
	err = flags & UK_AT_REMOVEDIR ? uk_vfs_rmdir(b.path, path) : uk_vfs_unlink(b.path, path);
	put_base(&b);
	return err;
}

static int two_paths(bool is_link, int from_dirfd, const char *from, int to_dirfd, const char *to)
{
	struct base a, b;
	int err = get_base(&a, from_dirfd, from);

	if (err)
		return err;
	err = get_base(&b, to_dirfd, to);
	if (!err) {
		err = is_link ? uk_vfs_link(a.path, from, b.path, to) : uk_vfs_rename(a.path, from, b.path, to);
		put_base(&b);
	}
	put_base(&a);
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
	struct base b;
	int err = get_base(&b, dirfd, path);

	if (err)
		return err;
	err = uk_vfs_symlink(target, b.path, path);
	put_base(&b);
	return err;
}

int uk_fd_chmod(int dirfd, const char *path, unsigned mode)
{
	struct base b;
	int err = get_base(&b, dirfd, path);

	if (err)
		return err;
	err = uk_vfs_chmod(b.path, path, mode);
	put_base(&b);
	return err;
}

int uk_fd_utimens(int dirfd, const char *path, const struct uk_timespec times[2], int flags)
{
	struct base b;
	int err = get_base(&b, dirfd, path);

	if (err)
		return err;
	err = uk_vfs_utimens(b.path, path, !(flags & UK_AT_SYMLINK_NOFOLLOW), times);
	put_base(&b);
	return err;
}

int uk_fd_realpath(const char *path, char *out)
{
	struct base b;
	int err = get_base(&b, UK_AT_FDCWD, path);

	if (err)
		return err;
	err = uk_vfs_resolve(b.path, path, true, out);
	put_base(&b);
	return err;
}

/* Whether an absolute, resolved path is a directory. */
static int check_directory(const char *path)
{
	struct uk_stat st;
	int err = uk_vfs_stat("/", path, true, &st);

	return err ? err : (st.mode & UK_S_IFMT) == UK_S_IFDIR ? 0 : -ENOTDIR;
}

static void set_cwd(struct directory *d)
{
	unsigned long state = uk_lock_acquire_irq(&lock);
	struct directory *old = cwd;

	cwd = d;
	uk_lock_release_irq(&lock, state);
	put_cwd(old);
}

int uk_fd_chdir(const char *path)
{
	struct directory *d = uk_malloc(sizeof(*d) + UK_PATH_MAX);
	int err;

	if (!d)
		return -ENOMEM;
	d->refs = 1;
	err = uk_fd_realpath(path, d->path);
	if (!err)
		err = check_directory(d->path);
	if (err)
		uk_free(d);
	else
		set_cwd(d);
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
	struct directory *d = get_cwd();
	size_t len = strlen(d->path);

	if (len < size)
		memcpy(buf, d->path, len + 1);
	put_cwd(d);
	return len < size ? (ssize_t)len : -ERANGE;
}
