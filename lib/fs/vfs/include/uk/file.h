/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Open files: the one object behind every descriptor, whatever it is (regular file, directory, console, socket, pipe,
 * event). A provider embeds struct uk_file in its own structure and supplies a const table of operations.
 *
 * Numbers and layouts are Linux' on x86_64, on every machine: O_*, S_IF*, POLL*, struct stat, linux_dirent64.
 * Functions return 0, a count or -errno. Operations may wait unless UK_O_NONBLOCK is set in flags. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <uk/lock.h>
#include <uk/mutex.h>
#include <uk/wait.h>

struct uk_file;

/* open(2) flags; the access mode and the status flags of an open file are kept in uk_file.flags. */
enum {
	UK_O_RDONLY = 0,
	UK_O_WRONLY = 01,
	UK_O_RDWR = 02,
	UK_O_ACCMODE = 03,
	UK_O_CREAT = 0100,
	UK_O_EXCL = 0200,
	UK_O_TRUNC = 01000,
	UK_O_APPEND = 02000,
	UK_O_NONBLOCK = 04000,
	UK_O_DSYNC = 010000,
	UK_O_DIRECT = 040000,
	UK_O_DIRECTORY = 0200000,
	UK_O_NOFOLLOW = 0400000,
	UK_O_CLOEXEC = 02000000,
	UK_O_SYNC = 04010000,
	UK_O_PATH = 010000000,
};

enum {
	UK_S_IFMT = 0170000,
	UK_S_IFLNK = 0120000,
	UK_S_IFREG = 0100000,
	UK_S_IFDIR = 0040000,
	UK_S_IFCHR = 0020000,
	UK_S_IFIFO = 0010000,
};

enum {
	UK_SEEK_SET,
	UK_SEEK_CUR,
	UK_SEEK_END,
	UK_SEEK_DATA,
	UK_SEEK_HOLE
};

enum {
	UK_POLLIN = 1,
	UK_POLLPRI = 2,
	UK_POLLOUT = 4,
	UK_POLLERR = 8,
	UK_POLLHUP = 16,
	UK_POLLNVAL = 32
};

struct uk_iovec {
	void *base;
	size_t len;
};

struct uk_timespec {
	int64_t sec, nsec;
};

/* struct stat of Linux on x86_64. */
struct uk_stat {
	uint64_t dev, ino, nlink;
	uint32_t mode, uid, gid, pad;
	uint64_t rdev;
	int64_t size, blksize, blocks; /* blocks of 512 bytes */
	struct uk_timespec atime, mtime, ctime;
	int64_t spare[3];
};

/* A directory entry as getdents returns it (linux_dirent64); the next one begins reclen bytes further, aligned to 8. */
struct uk_dirent {
	uint64_t ino;
	int64_t off; /* cookie of the next entry */
	uint16_t reclen;
	uint8_t type; /* mode >> 12 */
	char name[];
};

/* A write at this position goes to the end of the file, wherever that is. */
#define UK_FILE_APPEND ((int64_t)-1)

/* What a provider implements. A NULL member gives the error in brackets. Any number of threads may be in the same
 * operation of the same file at a time, but at most one in a read, write, getdents or seek at the file's own
 * position, if it has one. */
struct uk_file_ops {
	/* Read into, write from, n pieces at pos; pos counts for seekable files only, streams ignore it. Returns bytes
	 * done, 0 at the end of the file, -EAGAIN if it would wait and may not. [-EINVAL] */
	ssize_t (*read)(struct uk_file *f, const struct uk_iovec *iov, size_t n, int64_t pos);
	ssize_t (*write)(struct uk_file *f, const struct uk_iovec *iov, size_t n, int64_t pos);
	/* Fill in *st, which is all zero. [-EINVAL] */
	int (*stat)(struct uk_file *f, struct uk_stat *st);
	/* Entries from *cookie on (0: the first) into len bytes; moves *cookie. Bytes filled, 0 at the end,
	 * -EINVAL if not even one fits. [-ENOTDIR] */
	ssize_t (*getdents)(struct uk_file *f, void *buf, size_t len, uint64_t *cookie);
	/* Which of the UK_POLL events hold now. Must not wait; may be called with interrupts masked. [always ready] */
	unsigned (*poll)(struct uk_file *f, unsigned events);
	/* A request of ioctl(2). [-ENOTTY] */
	int (*ioctl)(struct uk_file *f, unsigned long request, uintptr_t arg);
	/* The next data or hole from offset on, for UK_SEEK_DATA and UK_SEEK_HOLE. [-EINVAL] */
	int64_t (*seek)(struct uk_file *f, int64_t offset, int whence);
	int (*truncate)(struct uk_file *f, int64_t size); /* [-EINVAL] */
	int (*sync)(struct uk_file *f, bool data_only);   /* reach stable storage [0: nothing to do] */
	/* Called once, when the last reference is gone: frees the object. [nothing] */
	void (*release)(struct uk_file *f);
};

struct uk_file {
	const struct uk_file_ops *ops;
	uint32_t refs;
	uint32_t flags;             /* UK_O_ACCMODE, APPEND, NONBLOCK, DIRECTORY, DIRECT, SYNC as opened or set since */
	bool seekable;              /* has a position; else a stream */
	struct uk_mutex position;   /* held by what uses offset, for as long as that takes (POSIX.1-2017 XSH 2.9.7) */
	int64_t offset;             /* position; of a directory: cookie */
	struct uk_wait_queue ready; /* woken by uk_file_wake() whenever poll() may say something new */
	char *path; /* of a directory: absolute and normalised, for openat(); else NULL; freed with it */
};

/* Prepare an object with one reference. Context: any. */
void uk_file_init(struct uk_file *f, const struct uk_file_ops *ops, unsigned flags, bool seekable);

/* One reference more; one less, releasing at the last. Context: get any, put a thread. */
struct uk_file *uk_file_get(struct uk_file *f);
void uk_file_put(struct uk_file *f);

/* Say that the file may be ready for something it was not ready for. Context: any. */
void uk_file_wake(struct uk_file *f);

/* Woken by every uk_file_wake() while anybody polls: for those who wait for several files at once. The count is kept by
 * the waiters. */
extern struct uk_wait_queue uk_file_any;
extern uint32_t uk_file_pollers;
extern uint32_t uk_file_events; /* counts the calls of uk_file_wake() */

/* Read or write at the file's position, moving it by what was done; with UK_O_APPEND writes go to the end.
 * -EBADF if not open for that, -EISDIR for directories, -EINVAL if a length overflows. Context: a thread. */
ssize_t uk_file_readv(struct uk_file *f, const struct uk_iovec *iov, size_t n);
ssize_t uk_file_writev(struct uk_file *f, const struct uk_iovec *iov, size_t n);

/* The same at a given position, which does not move the file's; -ESPIPE for streams. Context: a thread. */
ssize_t uk_file_preadv(struct uk_file *f, const struct uk_iovec *iov, size_t n, int64_t pos);
ssize_t uk_file_pwritev(struct uk_file *f, const struct uk_iovec *iov, size_t n, int64_t pos);

/* Move the position as lseek(2): the new one, -ESPIPE, -EINVAL, -ENXIO, -EOVERFLOW. Context: a thread. */
int64_t uk_file_seek(struct uk_file *f, int64_t offset, int whence);

/* Entries of a directory from its position on, which moves, into len bytes: bytes filled, 0 at the end, -EINVAL if not
 * even one fits, -ENOTDIR. Context: a thread. */
ssize_t uk_file_getdents(struct uk_file *f, void *buf, size_t len);

/* The status, zeroed before the provider fills it. Context: a thread. */
int uk_file_stat(struct uk_file *f, struct uk_stat *st);

/* Which of events hold, always including UK_POLLERR and UK_POLLHUP. Context: any. */
unsigned uk_file_poll(struct uk_file *f, unsigned events);

/* Append an entry to a getdents buffer, *used bytes of len of which are full: 0, or -EINVAL if it does not fit.
 * For providers. Context: any. */
int uk_dirent_add(void *buf, size_t len, size_t *used, uint64_t ino, int64_t next, uint32_t mode, const char *name,
		  size_t name_len);
