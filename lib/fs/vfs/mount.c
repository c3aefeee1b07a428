/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The table of mounts, and the calls that go from a path to a file system's operation.
 *
 * Locking: the table is read and changed under `lock`, with interrupts masked; each mount counts the calls that use it
 * outside of the lock, and stays while there are any. No file system is called with the lock held. */
#include <errno.h>
#include <string.h>

#include <uk/alloc.h>
#include <uk/base.h>

#include "path.h"

static struct uk_list mounts = UK_LIST_INIT(mounts);
static uint64_t next_dev = 1;
static struct uk_lock lock = UK_LOCK_INIT;

/* Whether path is `at` or below it; then *rest is what follows. */
static bool is_below(const char *path, const char *at, const char **rest)
{
	size_t len = at[1] ? strlen(at) : 0;

	if (strncmp(path, at, len) != 0 || (path[len] && path[len] != '/'))
		return false;
	*rest = path + len + (path[len] == '/');
	return true;
}

struct uk_mount *uk_vfs_find(const char *path, const char **rest)
{
	unsigned long state = uk_lock_acquire_irq(&lock);
	struct uk_mount *best = NULL;
	const char *below;

	UK_LIST_EACH(&mounts, link)
	{
		struct uk_mount *m = uk_list_entry(link, struct uk_mount, link);

		if (is_below(path, m->at, &below) && (!best || strlen(m->at) > strlen(best->at))) {
			best = m;
			*rest = below;
		}
	}
	if (best)
		best->users++;
	uk_lock_release_irq(&lock, state);
	return best;
}

void uk_vfs_leave(struct uk_mount *m)
{
	unsigned long state;

	if (!m)
		return;
	state = uk_lock_acquire_irq(&lock);
	m->users--;
	uk_lock_release_irq(&lock, state);
}

bool uk_vfs_leads_to_mount(const char *path)
{
	unsigned long state = uk_lock_acquire_irq(&lock);
	bool found = false;
	const char *rest;

	UK_LIST_EACH(&mounts, link)
	{
		found |= is_below(uk_list_entry(link, struct uk_mount, link)->at, path, &rest);
	}
	uk_lock_release_irq(&lock, state);
	return found;
}

int uk_vfs_mount(struct uk_mount *m, const char *at)
{
	size_t len = strlen(at);
	unsigned long state;

	if (at[0] != '/' || len >= UK_PATH_MAX || (len > 1 && at[len - 1] == '/') || strstr(at, "//"))
		return -EINVAL;
	m->at = at;
	m->users = 0;
	state = uk_lock_acquire_irq(&lock);
	m->dev = next_dev++;
	uk_list_add_after(&mounts, &m->link);
	uk_lock_release_irq(&lock, state);
	return 0;
}

int uk_vfs_unmount(struct uk_mount *m)
{
	unsigned long state = uk_lock_acquire_irq(&lock);
	int err = m->users ? -EBUSY : 0;
	const char *rest;

	UK_LIST_EACH(&mounts, link)
	{
		struct uk_mount *other = uk_list_entry(link, struct uk_mount, link);

		if (other != m && is_below(other->at, m->at, &rest) && *rest)
			err = -EBUSY;
	}
	if (!err)
		uk_list_remove(&m->link);
	uk_lock_release_irq(&lock, state);
	return err;
}

/* A path on its way to a file system: resolved, in memory that put_place() gives back. */
struct place {
	char *path;
	const char *inside;
	struct uk_mount *mount;
	bool wants_dir; /* the program wrote a slash at the end */
};

static void put_place(struct place *p)
{
	uk_vfs_leave(p->mount);
	uk_free(p->path);
}

static int get_place(struct place *p, const char *base, const char *path, bool follow)
{
	size_t len = strlen(path);
	int err;

	p->mount = NULL;
	p->wants_dir = len && path[len - 1] == '/';
	p->path = uk_malloc(UK_PATH_MAX);
	if (!p->path)
		return -ENOMEM;
	err = uk_vfs_resolve(base, path, follow || p->wants_dir, p->path);
	if (!err) {
		p->mount = uk_vfs_find(p->path, &p->inside);
		err = p->mount ? 0 : -ENOENT;
	}
	if (err)
		put_place(p);
	return err;
}

/* A directory remembers its path, for openat() and fchdir(). */
static int finish_open(struct place *p, unsigned flags, struct uk_file *f)
{
	if (!(f->flags & UK_O_DIRECTORY))
		return p->wants_dir || (flags & UK_O_DIRECTORY) ? -ENOTDIR : 0;
	f->path = uk_malloc(strlen(p->path) + 1);
	if (!f->path)
		return -ENOMEM;
	strcpy(f->path, p->path);
	return 0;
}

int uk_vfs_open(const char *base, const char *path, unsigned flags, unsigned mode, struct uk_file **out)
{
	bool follow = !(flags & UK_O_NOFOLLOW) && (flags & (UK_O_CREAT | UK_O_EXCL)) != (UK_O_CREAT | UK_O_EXCL);
	struct place p;
	int err = get_place(&p, base, path, follow);

	if (err)
		return err;
	err = p.mount->ops->open ? p.mount->ops->open(p.mount, p.inside, flags, mode, out) : -ENOSYS;
	if (!err) {
		err = finish_open(&p, flags, *out);
		if (err)
			uk_file_put(*out);
	}
	put_place(&p);
	return err;
}

int uk_vfs_stat(const char *base, const char *path, bool follow, struct uk_stat *st)
{
	struct place p;
	int err = get_place(&p, base, path, follow);

	if (err)
		return err;
	memset(st, 0, sizeof(*st));
	err = p.mount->ops->stat ? p.mount->ops->stat(p.mount, p.inside, st) : -ENOSYS;
	if (!err && p.wants_dir && (st->mode & UK_S_IFMT) != UK_S_IFDIR)
		err = -ENOTDIR;
	put_place(&p);
	return err;
}

int uk_vfs_writable(const char *base, const char *path)
{
	struct place p;
	int err = get_place(&p, base, path, true);

	if (err)
		return err;
	err = p.mount->read_only ? -EROFS : 0;
	put_place(&p);
	return err;
}

ssize_t uk_vfs_readlink(const char *base, const char *path, char *buf, size_t size)
{
	struct place p;
	ssize_t len = get_place(&p, base, path, false);

	if (len)
		return len;
	len = p.mount->ops->readlink ? p.mount->ops->readlink(p.mount, p.inside, buf, size) : -EINVAL;
	put_place(&p);
	return len;
}

int uk_vfs_mkdir(const char *base, const char *path, unsigned mode)
{
	struct place p;
	int err = get_place(&p, base, path, false);

	if (err)
		return err;
	err = p.mount->ops->mkdir ? p.mount->ops->mkdir(p.mount, p.inside, mode) : -EROFS;
	put_place(&p);
	return err;
}

int uk_vfs_unlink(const char *base, const char *path)
{
	struct place p;
	int err = get_place(&p, base, path, false);

	if (err)
		return err;
	err = p.mount->ops->unlink ? p.mount->ops->unlink(p.mount, p.inside) : -EROFS;
	put_place(&p);
	return err;
}

int uk_vfs_rmdir(const char *base, const char *path)
{
	struct place p;
	int err = get_place(&p, base, path, false);

	if (err)
		return err;
	err = p.mount->ops->rmdir ? p.mount->ops->rmdir(p.mount, p.inside) : -EROFS;
	put_place(&p);
	return err;
}

/* Both ends of rename() and link(), which must lie in one file system. */
static int pair(bool is_link, const char *from_base, const char *from, const char *to_base, const char *to)
{
	int (*op)(struct uk_mount * m, const char *a, const char *b);
	struct place a, b;
	int err = get_place(&a, from_base, from, false);

	if (err)
		return err;
	err = get_place(&b, to_base, to, false);
	if (!err) {
		op = is_link ? a.mount->ops->link : a.mount->ops->rename;
		err = a.mount != b.mount ? -EXDEV : op ? op(a.mount, a.inside, b.inside) : -EROFS;
		put_place(&b);
	}
	put_place(&a);
	return err;
}

int uk_vfs_rename(const char *from_base, const char *from, const char *to_base, const char *to)
{
	return pair(false, from_base, from, to_base, to);
}

int uk_vfs_link(const char *from_base, const char *from, const char *to_base, const char *to)
{
	return pair(true, from_base, from, to_base, to);
}

int uk_vfs_symlink(const char *target, const char *base, const char *path)
{
	struct place p;
	int err = get_place(&p, base, path, false);

	if (err)
		return err;
	err = p.mount->ops->symlink ? p.mount->ops->symlink(p.mount, target, p.inside) : -EROFS;
	put_place(&p);
	return err;
}

int uk_vfs_chmod(const char *base, const char *path, unsigned mode)
{
	struct place p;
	int err = get_place(&p, base, path, true);

	if (err)
		return err;
	err = p.mount->ops->chmod ? p.mount->ops->chmod(p.mount, p.inside, mode) : -EROFS;
	put_place(&p);
	return err;
}

int uk_vfs_utimens(const char *base, const char *path, bool follow, const struct uk_timespec times[2])
{
	struct place p;
	int err = get_place(&p, base, path, follow);

	if (err)
		return err;
	err = p.mount->ops->utimens ? p.mount->ops->utimens(p.mount, p.inside, times) : -EROFS;
	put_place(&p);
	return err;
}
