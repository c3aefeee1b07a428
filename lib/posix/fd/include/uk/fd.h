/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* File descriptors: the calls of POSIX.1-2017 without errno. All return 0, a count or a descriptor, or -errno as the
 * call of the same name describes; flags, commands and structures are Linux' (see <uk/file.h>). A C library or
 * the Linux ABI converts the result and nothing else.
 *
 * Context, unless said otherwise: a thread, after init level FS; any thread may use any descriptor. */
#pragma once

#include <uk/file.h>
#include <uk/vfs.h>

#define UK_FD_CLOEXEC 1u   /* descriptor flag */
#define UK_AT_FDCWD (-100) /* as dirfd: the working directory */
enum {
	UK_AT_SYMLINK_NOFOLLOW = 0x100,
	UK_AT_REMOVEDIR = 0x200,
	UK_AT_SYMLINK_FOLLOW = 0x400,
	UK_AT_EMPTY_PATH = 0x1000
};

enum {
	UK_F_DUPFD = 0,
	UK_F_GETFD = 1,
	UK_F_SETFD = 2,
	UK_F_GETFL = 3,
	UK_F_SETFL = 4,
	UK_F_GETLK = 5,
	UK_F_SETLK = 6,
	UK_F_SETLKW = 7,
	UK_F_DUPFD_CLOEXEC = 1030,
};

/* struct pollfd of Linux. */
struct uk_pollfd {
	int fd;
	int16_t events, revents;
};

/* INIT: opens descriptors 0, 1 and 2 on the console. Context: init table. */
int uk_fd_init(void);

/* Give an open file the lowest free descriptor that is at least `lowest`. Takes over the caller's reference, also
 * when it fails (-EMFILE, -EINVAL). flags: UK_FD_CLOEXEC. */
int uk_fd_install(struct uk_file *f, int lowest, unsigned flags);

/* The open file behind a descriptor with a reference that the caller gives back with uk_file_put(), or NULL. */
struct uk_file *uk_fd_get(int fd);

/* Open or create a file: the lowest free descriptor. -EMFILE, and the errors of uk_vfs_open(). */
int uk_fd_open(int dirfd, const char *path, unsigned flags, unsigned mode);

/* Give the descriptor up; the file goes with its last reference. -EBADF. */
int uk_fd_close(int fd);

/* Another descriptor for the same open file: the lowest free one; a given one, closing what it was. dup3 takes
 * UK_O_CLOEXEC and refuses fd == to (-EINVAL), for which dup2 only checks. -EBADF, -EMFILE. */
int uk_fd_dup(int fd);
int uk_fd_dup3(int fd, int to, unsigned flags);
int uk_fd_dup2(int fd, int to);

/* The UK_F commands; -EINVAL for others. F_SETFL changes APPEND, NONBLOCK and DIRECT only. */
int uk_fd_fcntl(int fd, int command, uintptr_t arg);

/* A request to the file itself; arg is a number or the address of what the request says. -ENOTTY if unknown. */
int uk_fd_ioctl(int fd, unsigned long request, uintptr_t arg);

/* Whether a person may be at the other end: 1, or -ENOTTY, -EBADF. */
int uk_fd_isatty(int fd);

/* Read and write at the file's position or at a given one, in one piece or n pieces (at most 1024, else -EINVAL): bytes
 * done, 0 at the end. Errors of uk_file_readv() and its kin. */
ssize_t uk_fd_read(int fd, void *buf, size_t len);
ssize_t uk_fd_write(int fd, const void *buf, size_t len);
ssize_t uk_fd_pread(int fd, void *buf, size_t len, int64_t pos);
ssize_t uk_fd_pwrite(int fd, const void *buf, size_t len, int64_t pos);
ssize_t uk_fd_readv(int fd, const struct uk_iovec *iov, int n);
ssize_t uk_fd_writev(int fd, const struct uk_iovec *iov, int n);

/* Move the position: the new one; see uk_file_seek(). */
int64_t uk_fd_lseek(int fd, int64_t offset, int whence);

/* Set the size; -EINVAL if it is negative, the file cannot, or is not open for writing. */
int uk_fd_truncate(int fd, int64_t size);

/* Wait until what was written is on stable storage; files without any are done at once. */
int uk_fd_sync(int fd, bool data_only);

/* The next entries of a directory (struct uk_dirent): bytes filled, 0 at the end. -ENOTDIR, -EINVAL. */
ssize_t uk_fd_getdents(int fd, void *buf, size_t len);

/* Status of an open file; of a path (UK_AT_SYMLINK_NOFOLLOW, UK_AT_EMPTY_PATH). */
int uk_fd_stat(int fd, struct uk_stat *st);
int uk_fd_stat_at(int dirfd, const char *path, struct uk_stat *st, int flags);

/* Whether the path may be read (4), written (2), executed (1): 0, -EACCES, or -EROFS for writing to a read-only file
 * system; mode 0: whether it exists; -EINVAL for other bits. */
int uk_fd_access(int dirfd, const char *path, int mode);

/* The calls of <uk/vfs.h> of the same names, relative to a directory; unlink with UK_AT_REMOVEDIR removes a
 * directory; utimens takes UK_AT_SYMLINK_NOFOLLOW. */
ssize_t uk_fd_readlink(int dirfd, const char *path, char *buf, size_t size);
int uk_fd_mkdir(int dirfd, const char *path, unsigned mode);
int uk_fd_unlink(int dirfd, const char *path, int flags);
int uk_fd_rename(int from_dirfd, const char *from, int to_dirfd, const char *to);
int uk_fd_link(int from_dirfd, const char *from, int to_dirfd, const char *to);
int uk_fd_symlink(const char *target, int dirfd, const char *path);
int uk_fd_chmod(int dirfd, const char *path, unsigned mode);
int uk_fd_utimens(int dirfd, const char *path, const struct uk_timespec times[2], int flags);

/* The working directory: change it by path or by the descriptor of a directory; copy it, terminated, into buf
 * (its length, -ERANGE). */
int uk_fd_chdir(const char *path);
int uk_fd_fchdir(int fd);
ssize_t uk_fd_getcwd(char *buf, size_t size);

/* Resolve a path as uk_vfs_resolve(), relative to the working directory, into out[UK_PATH_MAX]. */
int uk_fd_realpath(const char *path, char *out);

/* Wait until one of n descriptors is ready or the clock uk_plat_time_ns() reaches deadline (UK_WAIT_FOREVER: none):
 * how many are ready, 0 at the deadline. Negative descriptors are left out; bad ones get UK_POLLNVAL. */
int uk_fd_poll(struct uk_pollfd *fds, size_t n, uint64_t deadline);
