/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The name space: file systems mounted at paths, and the way from a path to an open file.
 *
 * Paths given to these functions are absolute or relative to `base` (an absolute, normalised path: a working directory
 * or the path of an open directory). Resolution follows symbolic links and `..` as POSIX.1-2017 4.13 says. A file
 * system gets normalised paths relative to its root: no leading slash, "" is the root itself, no dot components. */
#pragma once

#include <uk/file.h>
#include <uk/list.h>

#define UK_PATH_MAX 4096

struct uk_mount;

/* What a file system implements. Any number of threads may be in its operations at a time. A NULL member gives the
 * error in brackets. */
struct uk_fs_ops {
	const char *name;
	/* Open or create. The last component is not followed if it is a symbolic link (-ELOOP): the caller has resolved
	 * it. *out has one reference. [-ENOSYS] */
	int (*open)(struct uk_mount *m, const char *path, unsigned flags, unsigned mode, struct uk_file **out);
	/* Status of the object itself; *st is zero. [-ENOSYS] */
	int (*stat)(struct uk_mount *m, const char *path, struct uk_stat *st);
	/* The target of a symbolic link, not terminated: its length, at most size; -EINVAL if it is none. [-EINVAL] */
	ssize_t (*readlink)(struct uk_mount *m, const char *path, char *buf, size_t size);
	/* Changes to the name space and to attributes. [-EROFS] */
	int (*mkdir)(struct uk_mount *m, const char *path, unsigned mode);
	int (*unlink)(struct uk_mount *m, const char *path);
	int (*rmdir)(struct uk_mount *m, const char *path);
	int (*rename)(struct uk_mount *m, const char *from, const char *to);
	int (*link)(struct uk_mount *m, const char *from, const char *to);
	int (*symlink)(struct uk_mount *m, const char *target, const char *path);
	int (*chmod)(struct uk_mount *m, const char *path, unsigned mode);
	int (*utimens)(struct uk_mount *m, const char *path, const struct uk_timespec times[2]);
};

/* One mounted file system; embedded in the provider's instance and filled in by it before uk_vfs_mount(). */
struct uk_mount {
	const struct uk_fs_ops *ops;
	uint64_t dev;   /* st_dev of its files: set by uk_vfs_mount() */
	bool has_links; /* may contain symbolic links: paths are checked component by component */
	bool read_only; /* nothing in it can be changed */
	const char *at; /* where: absolute, normalised, "/" for the root; set by uk_vfs_mount(), owned by the caller */
	struct uk_list link;
	uint32_t users; /* calls that are in it now */
};

/* Make m's files visible below `at` (absolute, normalised, valid for as long as m is mounted). A later mount hides an
 * earlier one at the same place. -EINVAL for a path of another form. Context: a thread, or the init table. */
int uk_vfs_mount(struct uk_mount *m, const char *at);

/* Take it out of the name space; -EBUSY while another is mounted below, or while a call with a path is in it. Once it
 * is out, no call begins. Open files stay valid only if the provider says so. Context: a thread. */
int uk_vfs_unmount(struct uk_mount *m);

/* Resolve a path to an absolute, normalised one in out[UK_PATH_MAX]. follow: the last component too if it is a link.
 * The path need not exist beyond what had to be looked at. -ENOENT (empty path), -ENAMETOOLONG, -ELOOP, -ENOMEM.
 * Context: a thread, after mem/heap. */
int uk_vfs_resolve(const char *base, const char *path, bool follow, char *out);

/* Open a file: *out has one reference. Flags and mode as open(2); -ELOOP with UK_O_NOFOLLOW for a link, -ENOTDIR with
 * UK_O_DIRECTORY or a trailing slash for other than a directory. Context: a thread, after mem/heap. */
int uk_vfs_open(const char *base, const char *path, unsigned flags, unsigned mode, struct uk_file **out);

/* Status without opening; follow: of what a link points to. Context: a thread, after mem/heap. */
int uk_vfs_stat(const char *base, const char *path, bool follow, struct uk_stat *st);

/* Whether the path, its last link followed, lies in a file system that can be changed: 0 or -EROFS. Context: a thread.
 */
int uk_vfs_writable(const char *base, const char *path);

/* The target of a symbolic link, not terminated: its length. Context: a thread, after mem/heap. */
ssize_t uk_vfs_readlink(const char *base, const char *path, char *buf, size_t size);

/* Changes of the name space as the calls of POSIX of these names; -EROFS where the file system cannot, -EXDEV
 * between two file systems. Context: a thread, after mem/heap. */
int uk_vfs_mkdir(const char *base, const char *path, unsigned mode);
int uk_vfs_unlink(const char *base, const char *path);
int uk_vfs_rmdir(const char *base, const char *path);
int uk_vfs_rename(const char *from_base, const char *from, const char *to_base, const char *to);
int uk_vfs_link(const char *from_base, const char *from, const char *to_base, const char *to);
int uk_vfs_symlink(const char *target, const char *base, const char *path);
int uk_vfs_chmod(const char *base, const char *path, unsigned mode);
int uk_vfs_utimens(const char *base, const char *path, bool follow, const struct uk_timespec times[2]);
