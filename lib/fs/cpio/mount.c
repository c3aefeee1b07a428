/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* A cpio archive in memory as a read-only file system.
 *
 * Locking: none. The table of an archive does not change between mounting and unmounting, nor an open file but for its
 * position, which fs/vfs guards. */
#include <errno.h>
#include <string.h>

#include <uk/alloc.h>
#include <uk/base.h>
#include <uk/log.h>
#include <uk/plat/boot.h>
#include <uk/vfs.h>

#include "mount.h"

struct cpio_file {
	struct uk_file file;
	struct cpio_fs *fs;
	const struct cpio_entry *entry, *contents;
};

static struct cpio_file *cpio_of(struct uk_file *f)
{
	return uk_container_of(f, struct cpio_file, file);
}

static ssize_t cpio_read(struct uk_file *f, const struct uk_iovec *iov, size_t n, int64_t pos)
{
	const struct cpio_entry *e = cpio_of(f)->contents;
	size_t done = 0, at = (size_t)pos, len;

	for (size_t i = 0; i < n && at < e->size; i++) {
		len = UK_MIN(iov[i].len, e->size - at);
		memcpy(iov[i].base, e->data + at, len);
		done += len;
		at += len;
	}
	return (ssize_t)done;
}

/* The file serial number of an entry. */
static uint64_t number_of(const struct cpio_fs *fs, const struct cpio_entry *e)
{
	return (uint64_t)(e - fs->archive.entries) + 1;
}

static void fill_stat(const struct cpio_fs *fs, const struct cpio_entry *e, struct uk_stat *st)
{
	const struct cpio_entry *contents = uk_cpio_contents(&fs->archive, e);

	st->dev = fs->mount.dev;
	st->ino = number_of(fs, e);
	st->nlink = e->nlink ? e->nlink : 1;
	st->mode = e->mode;
	st->uid = e->uid;
	st->gid = e->gid;
	st->size = contents->size;
	st->blksize = 4096;
	st->blocks = ((int64_t)contents->size + 511) / 512;
	st->atime.sec = st->mtime.sec = st->ctime.sec = e->mtime;
}

static int cpio_stat(struct uk_file *f, struct uk_stat *st)
{
	fill_stat(cpio_of(f)->fs, cpio_of(f)->entry, st);
	return 0;
}

/* The directory that holds another; the root holds itself. */
static const struct cpio_entry *parent_of(const struct cpio_archive *a, const struct cpio_entry *dir)
{
	size_t len = dir->name_len;

	while (len && dir->name[--len] != '/')
		;
	return uk_cpio_find(a, dir->name, len);
}

/* The cookie is 0 for ".", 1 for "..", then 2 plus the distance of the entry from the directory's own. */
static ssize_t cpio_getdents(struct uk_file *f, void *buf, size_t len, uint64_t *cookie)
{
	struct cpio_file *c = cpio_of(f);
	const struct cpio_archive *a = &c->fs->archive;
	const struct cpio_entry *end = a->entries + a->count, *dir = c->entry, *e;
	uint64_t left = (uint64_t)(end - dir);
	size_t used = 0, name_len;
	const char *name;

	for (; *cookie < 2; ++*cookie)
		if (uk_dirent_add(buf, len, &used, number_of(c->fs, *cookie ? parent_of(a, dir) : dir),
				  (int64_t)*cookie + 1, UK_S_IFDIR, "..", 1 + *cookie))
			return used ? (ssize_t)used : -EINVAL;
	for (; *cookie - 1 < left; ++*cookie) {
		e = dir + (*cookie - 1);
		name = uk_cpio_child(dir, e, &name_len);
		if (!name)
			break;
		if (memchr(name, '/', name_len))
			continue;
		if (uk_dirent_add(buf, len, &used, number_of(c->fs, e), (int64_t)*cookie + 1, e->mode, name, name_len))
			return used ? (ssize_t)used : -EINVAL;
	}
	return (ssize_t)used;
}

static void cpio_release(struct uk_file *f)
{
	uk_free(cpio_of(f));
}

static const struct uk_file_ops file_ops = {.read = cpio_read, .stat = cpio_stat, .release = cpio_release};
static const struct uk_file_ops dir_ops = {.getdents = cpio_getdents, .stat = cpio_stat, .release = cpio_release};

static struct cpio_fs *fs_of(struct uk_mount *m)
{
	return uk_container_of(m, struct cpio_fs, mount);
}

/* The error for what does not exist: -ENOTDIR or -ENOENT if that is because of a component before the last, else
 * `otherwise`. */
static int missing(const struct cpio_fs *fs, const char *path, int otherwise)
{
	const char *slash = path;

	while ((slash = strchr(slash, '/'))) {
		const struct cpio_entry *e = uk_cpio_find(&fs->archive, path, (size_t)(slash - path));

		if (!e)
			return -ENOENT;
		if ((e->mode & UK_S_IFMT) != UK_S_IFDIR)
			return -ENOTDIR;
		slash++;
	}
	return otherwise;
}

/* Whether an existing entry may be opened like that. */
static int check_open(const struct cpio_entry *e, unsigned flags)
{
	uint32_t kind = e->mode & UK_S_IFMT;

	if ((flags & (UK_O_CREAT | UK_O_EXCL)) == (UK_O_CREAT | UK_O_EXCL))
		return -EEXIST;
	if (kind == UK_S_IFLNK)
		return -ELOOP;
	if (kind == UK_S_IFDIR)
		return (flags & (UK_O_ACCMODE | UK_O_CREAT)) ? -EISDIR : 0;
	if (flags & UK_O_DIRECTORY)
		return -ENOTDIR;
	if (kind != UK_S_IFREG)
		return -ENXIO;
	return (flags & (UK_O_ACCMODE | UK_O_TRUNC)) ? -EROFS : 0;
}

static int cpio_open(struct uk_mount *m, const char *path, unsigned flags, unsigned mode UK_UNUSED,
		     struct uk_file **out)
{
	struct cpio_fs *fs = fs_of(m);
	const struct cpio_entry *e = uk_cpio_find(&fs->archive, path, strlen(path));
	bool is_dir = e && (e->mode & UK_S_IFMT) == UK_S_IFDIR;
	struct cpio_file *c;
	int err;

	if (!e)
		return missing(fs, path, flags & UK_O_CREAT ? -EROFS : -ENOENT);
	err = check_open(e, flags);
	if (err)
		return err;
	c = uk_malloc(sizeof(*c));
	if (!c)
		return -ENOMEM;
	uk_file_init(&c->file, is_dir ? &dir_ops : &file_ops, flags | (is_dir ? UK_O_DIRECTORY : 0), true);
	c->fs = fs;
	c->entry = e;
	c->contents = uk_cpio_contents(&fs->archive, e);
	*out = &c->file;
	return 0;
}

static int cpio_stat_path(struct uk_mount *m, const char *path, struct uk_stat *st)
{
	const struct cpio_entry *e = uk_cpio_find(&fs_of(m)->archive, path, strlen(path));

	if (!e)
		return missing(fs_of(m), path, -ENOENT);
	fill_stat(fs_of(m), e, st);
	return 0;
}

static ssize_t cpio_readlink(struct uk_mount *m, const char *path, char *buf, size_t size)
{
	const struct cpio_entry *e = uk_cpio_find(&fs_of(m)->archive, path, strlen(path));

	if (!e)
		return missing(fs_of(m), path, -ENOENT);
	if ((e->mode & UK_S_IFMT) != UK_S_IFLNK)
		return -EINVAL;
	size = UK_MIN(size, e->size);
	memcpy(buf, e->data, size);
	return (ssize_t)size;
}

static const struct uk_fs_ops cpio_ops = {
    .name = "cpio", .open = cpio_open, .stat = cpio_stat_path, .readlink = cpio_readlink};

int uk_cpio_mount(struct cpio_fs *fs, const void *data, size_t size, const char *at)
{
	struct cpio_error error = {0, NULL};
	int err = uk_cpio_parse(&fs->archive, data, size, &error);

	if (err == -EINVAL)
		uk_err("archive for %s, offset %zu: %s", at, error.offset, error.reason);
	if (err)
		return err;
	fs->mount.ops = &cpio_ops;
	fs->mount.has_links = false;
	fs->mount.read_only = true;
	for (size_t i = 0; i < fs->archive.count; i++)
		if ((fs->archive.entries[i].mode & UK_S_IFMT) == UK_S_IFLNK)
			fs->mount.has_links = true;
	err = uk_vfs_mount(&fs->mount, at);
	if (err)
		uk_cpio_drop(&fs->archive);
	return err;
}

int uk_cpio_unmount(struct cpio_fs *fs)
{
	int err = uk_vfs_unmount(&fs->mount);

	if (!err)
		uk_cpio_drop(&fs->archive);
	return err;
}

/* Supplied by the build for EMBED=dir; both NULL without. */
extern const char uk_embed_start[] UK_WEAK;
extern const char uk_embed_end[] UK_WEAK;

int uk_cpio_init(void)
{
	static struct cpio_fs root;
	size_t size;
	const void *data = uk_plat_initrd(&size);

	if (!data) {
		data = uk_embed_start;
		size = (size_t)(uk_embed_end - uk_embed_start);
	}
	return data ? uk_cpio_mount(&root, data, size, "/") : 0;
}
