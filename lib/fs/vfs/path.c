/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* From a path as a program writes it to an absolute one without links, dots and double slashes. All state is on the
 * caller's stack and in memory taken for the call. */
#include <errno.h>
#include <string.h>

#include <uk/alloc.h>
#include <uk/base.h>

#include "path.h"

#define MAX_LINKS 40 /* as Linux */

/* A resolution in progress: out[] is what has been resolved, `rest` what is still to be walked. */
struct walk {
	char *out; /* caller's, UK_PATH_MAX; never ends in a slash, "" is the root */
	size_t len;
	char *rest; /* allocated, UK_PATH_MAX */
	char *link; /* allocated, UK_PATH_MAX: the target being put before the rest */
	unsigned links;
	bool follow;
};

/* Take the next component off the rest: its length, 0 at the end. */
static size_t next_component(const char **at)
{
	while (**at == '/')
		++*at;
	return strcspn(*at, "/");
}

static void drop_last(struct walk *w)
{
	while (w->len && w->out[--w->len] != '/')
		;
	w->out[w->len] = '\0';
}

static int append(struct walk *w, const char *name, size_t len)
{
	if (len > 255 || w->len + len + 2 > UK_PATH_MAX)
		return -ENAMETOOLONG;
	w->out[w->len++] = '/';
	memcpy(w->out + w->len, name, len);
	w->len += len;
	w->out[w->len] = '\0';
	return 0;
}

/* If what out[] names now is a link, put its target before the rest: 1; 0 if it is none. */
static int expand_link(struct walk *w, const char *rest)
{
	const char *inside;
	struct uk_mount *m = uk_vfs_find(w->out, &inside);
	size_t tail = strlen(rest);
	ssize_t len;

	len = m && m->has_links && m->ops->readlink ? m->ops->readlink(m, inside, w->link, UK_PATH_MAX - 1) : -EINVAL;
	uk_vfs_leave(m);
	if (len < 0)
		return 0;
	if (!len)
		return -ENOENT; /* as Linux: an empty path names nothing */
	if (++w->links > MAX_LINKS)
		return -ELOOP;
	if ((size_t)len + tail + 2 > UK_PATH_MAX)
		return -ENAMETOOLONG;
	w->link[len] = '/';
	memcpy(w->link + len + 1, rest, tail + 1);
	memcpy(w->rest, w->link, (size_t)len + tail + 2);
	drop_last(w);
	if (w->rest[0] == '/')
		w->out[w->len = 0] = '\0';
	return 1;
}

/* Whether nothing but slashes is left. */
static bool at_end(const char *at)
{
	return !at[strspn(at, "/")];
}

/* What stands before a dot component must be a directory (POSIX.1-2017 4.13). A place where something is mounted is
 * one, and so is what leads there; a file system that cannot be asked is believed. */
static int check_dir(const struct walk *w)
{
	struct uk_stat st = {.mode = UK_S_IFDIR};
	const char *inside;
	struct uk_mount *m;
	int err = 0;

	if (!w->len || uk_vfs_leads_to_mount(w->out))
		return 0;
	m = uk_vfs_find(w->out, &inside);
	if (!m)
		return -ENOENT;
	if (m->ops->stat) {
		memset(&st, 0, sizeof(st));
		err = m->ops->stat(m, inside, &st);
	}
	uk_vfs_leave(m);
	return err ? err : (st.mode & UK_S_IFMT) == UK_S_IFDIR ? 0 : -ENOTDIR;
}

/* One component: 0 to go on at *at. */
static int step(struct walk *w, const char **at, size_t len)
{
	const char *name = *at;
	int err;

	*at += len;
	if (name[0] == '.' && (len == 1 || (len == 2 && name[1] == '.'))) {
		err = check_dir(w);
		if (!err && len == 2)
			drop_last(w);
		return err;
	}
	err = append(w, name, len);
	if (err || (!w->follow && at_end(*at) && **at != '/'))
		return err;
	err = expand_link(w, *at);
	if (err == 1)
		*at = w->rest;
	return err < 0 ? err : 0;
}

static int walk_all(struct walk *w)
{
	const char *at = w->rest;
	size_t len;
	int err = 0;

	while (!err && (len = next_component(&at)) > 0)
		err = step(w, &at, len);
	if (!w->len)
		memcpy(w->out, "/", 2);
	return err;
}

int uk_vfs_resolve(const char *base, const char *path, bool follow, char *out)
{
	struct walk w = {.out = out, .follow = follow};
	size_t len = strnlen(path, UK_PATH_MAX);
	int err;

	if (!len)
		return -ENOENT;
	if (len == UK_PATH_MAX || strnlen(base, UK_PATH_MAX) == UK_PATH_MAX)
		return -ENAMETOOLONG;
	out[0] = '\0';
	if (path[0] != '/' && strcmp(base, "/") != 0)
		w.len = (size_t)(stpcpy(out, base) - out);
	w.rest = uk_malloc(2 * UK_PATH_MAX);
	if (!w.rest)
		return -ENOMEM;
	w.link = w.rest + UK_PATH_MAX;
	memcpy(w.rest, path, len + 1);
	err = walk_all(&w);
	uk_free(w.rest);
	return err;
}
