/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Directory streams: a buffer of entries as getdents gives them.
 *
 * Locking: each stream has a lock, one of newlib's. readdir_r() may be used by several threads on one stream; what
 * readdir() returned belongs to the stream, so its users take turns themselves (POSIX.1-2017 readdir). */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/lock.h>
#include <unistd.h>

#include <uk/base.h>
#include <uk/fd.h>

#include "result.h"

struct uk_newlib_dir {
	int fd;
	_LOCK_RECURSIVE_T lock;
	size_t at, filled;
	struct dirent entry;
	char buf[2048] UK_ALIGNED(8);
};

DIR *fdopendir(int fd)
{
	struct uk_stat st;
	int err = uk_fd_stat(fd, &st);
	DIR *dir;

	if (!err && (st.mode & UK_S_IFMT) != UK_S_IFDIR)
		err = -ENOTDIR;
	if (uk_newlib_result(err))
		return NULL;
	dir = malloc(sizeof(*dir));
	if (dir) {
		dir->fd = fd;
		__lock_init_recursive(dir->lock);
		dir->at = dir->filled = 0;
	}
	return dir;
}

DIR *opendir(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (fd >= 0 && !dir)
		close(fd);
	return dir;
}

/* The next entry, in dir->entry; NULL at the end, or with errno set. Context: the lock held. */
static struct dirent *next(DIR *dir)
{
	const struct uk_dirent *e;
	ssize_t n;

	if (dir->at == dir->filled) {
		n = uk_newlib_result(uk_fd_getdents(dir->fd, dir->buf, sizeof(dir->buf)));
		if (n <= 0)
			return NULL;
		dir->at = 0;
		dir->filled = (size_t)n;
	}
	e = (const struct uk_dirent *)(const void *)(dir->buf + dir->at);
	dir->at += e->reclen;
	dir->entry.d_ino = e->ino;
	dir->entry.d_off = e->off;
	dir->entry.d_type = e->type;
	dir->entry.d_reclen = e->reclen;
	strlcpy(dir->entry.d_name, e->name, sizeof(dir->entry.d_name));
	return &dir->entry;
}

struct dirent *readdir(DIR *dir)
{
	struct dirent *e;

	__lock_acquire_recursive(dir->lock);
	e = next(dir);
	__lock_release_recursive(dir->lock);
	return e;
}

int readdir_r(DIR *restrict dir, struct dirent *restrict entry, struct dirent **restrict result)
{
	int before = errno, err;
	struct dirent *e;

	__lock_acquire_recursive(dir->lock);
	errno = 0;
	e = next(dir);
	err = errno;
	errno = before;
	if (e)
		*entry = *e;
	__lock_release_recursive(dir->lock);
	*result = e ? entry : NULL;
	return e ? 0 : err;
}

int closedir(DIR *dir)
{
	int fd = dir->fd;

	__lock_close_recursive(dir->lock);
	free(dir);
	return close(fd);
}

int dirfd(DIR *dir)
{
	return dir->fd;
}

void seekdir(DIR *dir, long place)
{
	__lock_acquire_recursive(dir->lock);
	dir->at = dir->filled = 0;
	uk_fd_lseek(dir->fd, place, UK_SEEK_SET);
	__lock_release_recursive(dir->lock);
}

void rewinddir(DIR *dir)
{
	seekdir(dir, 0);
}

long telldir(DIR *dir)
{
	long place;

	__lock_acquire_recursive(dir->lock);
	if (dir->at == dir->filled)
		place = uk_fd_lseek(dir->fd, 0, UK_SEEK_CUR);
	else
		place = dir->at ? dir->entry.d_off : 0;
	__lock_release_recursive(dir->lock);
	return place;
}

int alphasort(const struct dirent **a, const struct dirent **b)
{
	return strcoll((*a)->d_name, (*b)->d_name);
}

/* A copy of e at the end of the list, which grows by doubling; false when there is no memory. */
static bool append(struct dirent ***list, size_t *n, const struct dirent *e)
{
	struct dirent **grown = *list;

	if (!(*n & (*n - 1)))
		grown = realloc(grown, (*n ? 2 * *n : 1) * sizeof(*grown));
	if (!grown)
		return false;
	*list = grown;
	grown[*n] = malloc(sizeof(*e));
	if (!grown[*n])
		return false;
	*grown[(*n)++] = *e;
	return true;
}

int scandir(const char *path, struct dirent ***out, int (*pick)(const struct dirent *),
	    int (*compare)(const struct dirent **, const struct dirent **))
{
	DIR *dir = opendir(path);
	struct dirent **list = NULL, *e;
	bool ok = true;
	size_t n = 0;

	if (!dir)
		return -1;
	while (ok && (e = readdir(dir)))
		ok = (pick && !pick(e)) || append(&list, &n, e);
	closedir(dir);
	if (!ok) {
		while (n)
			free(list[--n]);
		free(list);
		return -1;
	}
	if (n && compare)
		qsort(list, n, sizeof(*list), (int (*)(const void *, const void *))compare);
	*out = list;
	return (int)n;
}
