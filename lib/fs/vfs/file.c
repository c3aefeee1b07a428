/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What all open files have in common: references, position, checks before a provider is asked.
 *
 * Locking: references are counted atomically. The position is used and moved by one call at a time, under the mutex
 * `position`, which is held while the provider works; streams and calls with a position of their own take no lock. */
#include <errno.h>
#include <string.h>

#include <uk/alloc.h>
#include <uk/base.h>
#include <uk/file.h>

struct uk_wait_queue uk_file_any = UK_WAIT_QUEUE_INIT(uk_file_any);
uint32_t uk_file_pollers, uk_file_events;

void uk_file_init(struct uk_file *f, const struct uk_file_ops *ops, unsigned flags, bool seekable)
{
	f->ops = ops;
	f->refs = 1;
	f->flags = flags & ~(unsigned)(UK_O_CREAT | UK_O_EXCL | UK_O_TRUNC | UK_O_CLOEXEC | UK_O_NOFOLLOW);
	f->seekable = seekable;
	uk_mutex_init(&f->position, UK_MUTEX_PLAIN);
	f->offset = 0;
	f->path = NULL;
	uk_wait_init(&f->ready);
}

struct uk_file *uk_file_get(struct uk_file *f)
{
	__atomic_fetch_add(&f->refs, 1, __ATOMIC_RELAXED);
	return f;
}

void uk_file_put(struct uk_file *f)
{
	if (__atomic_sub_fetch(&f->refs, 1, __ATOMIC_ACQ_REL))
		return;
	if (f->path)
		uk_free(f->path);
	if (f->ops->release)
		f->ops->release(f);
}

void uk_file_wake(struct uk_file *f)
{
	uk_wait_wake(&f->ready);
	__atomic_fetch_add(&uk_file_events, 1, __ATOMIC_SEQ_CST);
	if (__atomic_load_n(&uk_file_pollers, __ATOMIC_SEQ_CST))
		uk_wait_wake(&uk_file_any);
}

/* What POSIX wants checked before any transfer: how the file was opened and that the lengths add up. */
static int check_transfer(const struct uk_file *f, const struct uk_iovec *iov, size_t n, unsigned forbidden)
{
	size_t total = 0;

	if ((f->flags & UK_O_ACCMODE) == forbidden || (f->flags & UK_O_PATH))
		return -EBADF;
	if (f->flags & UK_O_DIRECTORY)
		return -EISDIR;
	for (size_t i = 0; i < n; i++)
		if (__builtin_add_overflow(total, iov[i].len, &total) || total > (size_t)INT64_MAX)
			return -EINVAL;
	return 0;
}

static ssize_t read_at(struct uk_file *f, const struct uk_iovec *iov, size_t n, int64_t pos)
{
	int err = check_transfer(f, iov, n, UK_O_WRONLY);

	if (err)
		return err;
	return f->ops->read ? f->ops->read(f, iov, n, pos) : -EINVAL;
}

static ssize_t write_at(struct uk_file *f, const struct uk_iovec *iov, size_t n, int64_t pos)
{
	int err = check_transfer(f, iov, n, UK_O_RDONLY);

	if (err)
		return err;
	return f->ops->write ? f->ops->write(f, iov, n, pos) : -EINVAL;
}

ssize_t uk_file_readv(struct uk_file *f, const struct uk_iovec *iov, size_t n)
{
	ssize_t done;

	if (!f->seekable)
		return read_at(f, iov, n, 0);
	uk_mutex_lock(&f->position);
	done = read_at(f, iov, n, f->offset);
	if (done > 0)
		f->offset += done;
	uk_mutex_unlock(&f->position);
	return done;
}

/* After an append the position is the end of the file, wherever the provider put the data. */
static void move_after_write(struct uk_file *f, bool append, ssize_t done)
{
	struct uk_stat st;

	if (done <= 0)
		return;
	if (!append)
		f->offset += done;
	else if (!uk_file_stat(f, &st))
		f->offset = st.size;
}

ssize_t uk_file_writev(struct uk_file *f, const struct uk_iovec *iov, size_t n)
{
	bool append = f->flags & UK_O_APPEND;
	ssize_t done;

	if (!f->seekable)
		return write_at(f, iov, n, append ? UK_FILE_APPEND : 0);
	uk_mutex_lock(&f->position);
	done = write_at(f, iov, n, append ? UK_FILE_APPEND : f->offset);
	move_after_write(f, append, done);
	uk_mutex_unlock(&f->position);
	return done;
}

ssize_t uk_file_preadv(struct uk_file *f, const struct uk_iovec *iov, size_t n, int64_t pos)
{
	if (!f->seekable)
		return -ESPIPE;
	return pos < 0 ? -EINVAL : read_at(f, iov, n, pos);
}

ssize_t uk_file_pwritev(struct uk_file *f, const struct uk_iovec *iov, size_t n, int64_t pos)
{
	if (!f->seekable)
		return -ESPIPE;
	return pos < 0 ? -EINVAL : write_at(f, iov, n, pos);
}

/* The position that `whence` counts from, or -errno. */
static int64_t seek_base(struct uk_file *f, int whence)
{
	struct uk_stat st;
	int err;

	switch (whence) {
	case UK_SEEK_SET:
		return 0;
	case UK_SEEK_CUR:
		return f->offset;
	case UK_SEEK_END:
		err = uk_file_stat(f, &st);
		return err ? err : st.size;
	default:
		return -EINVAL;
	}
}

static int64_t seek(struct uk_file *f, int64_t offset, int whence)
{
	int64_t base, target;

	if (whence == UK_SEEK_DATA || whence == UK_SEEK_HOLE) {
		target = f->ops->seek ? f->ops->seek(f, offset, whence) : -EINVAL;
		if (target >= 0)
			f->offset = target;
		return target;
	}
	base = seek_base(f, whence);
	if (base < 0)
		return base;
	if (__builtin_add_overflow(base, offset, &target))
		return -EOVERFLOW;
	if (target < 0)
		return -EINVAL;
	f->offset = target;
	return target;
}

int64_t uk_file_seek(struct uk_file *f, int64_t offset, int whence)
{
	int64_t result;

	if (!f->seekable)
		return -ESPIPE;
	uk_mutex_lock(&f->position);
	result = seek(f, offset, whence);
	uk_mutex_unlock(&f->position);
	return result;
}

ssize_t uk_file_getdents(struct uk_file *f, void *buf, size_t len)
{
	uint64_t cookie;
	ssize_t done;

	if (!f->ops->getdents)
		return -ENOTDIR;
	uk_mutex_lock(&f->position);
	cookie = (uint64_t)f->offset;
	done = f->ops->getdents(f, buf, len, &cookie);
	if (done >= 0)
		f->offset = (int64_t)cookie;
	uk_mutex_unlock(&f->position);
	return done;
}

int uk_file_stat(struct uk_file *f, struct uk_stat *st)
{
	memset(st, 0, sizeof(*st));
	return f->ops->stat ? f->ops->stat(f, st) : -EINVAL;
}

unsigned uk_file_poll(struct uk_file *f, unsigned events)
{
	events |= UK_POLLERR | UK_POLLHUP;
	if (!f->ops->poll)
		return events & (UK_POLLIN | UK_POLLOUT);
	return f->ops->poll(f, events) & events;
}

int uk_dirent_add(void *buf, size_t len, size_t *used, uint64_t ino, int64_t next, uint32_t mode, const char *name,
		  size_t name_len)
{
	size_t size = UK_ALIGN_UP(offsetof(struct uk_dirent, name) + name_len + 1, 8);
	struct uk_dirent *entry = (struct uk_dirent *)(void *)((char *)buf + *used);

	if (size > len - *used || size > UINT16_MAX)
		return -EINVAL;
	memset((char *)entry + size - 8, 0, 8);
	entry->ino = ino;
	entry->off = next;
	entry->reclen = (uint16_t)size;
	entry->type = (uint8_t)((mode & UK_S_IFMT) >> 12);
	memcpy(entry->name, name, name_len);
	entry->name[name_len] = '\0';
	*used += size;
	return 0;
}
