/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The archive as a sorted table of entries. The format is the "new ASCII" one: a header of 110 characters
 * (cpio(5), "New ASCII Format"), the name, the contents, each padded to four bytes; the name TRAILER!!! ends it. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct cpio_entry {
	const char *name; /* path without leading slash, not terminated; "" is the root */
	uint32_t name_len;
	uint32_t mode, uid, gid, nlink, mtime;
	uint32_t ino; /* 0 for a directory that only its contents imply */
	uint32_t size;
	const char *data;
	uint32_t order; /* place in the archive: the last of two equal names counts */
};

struct cpio_archive {
	struct cpio_entry *entries; /* sorted so that what is below a directory follows it */
	size_t count;
};

/* Where and why an archive is refused. */
struct cpio_error {
	size_t offset;
	const char *reason;
};

/* Read the table of an archive in memory, which must stay where it is. 0, -ENOMEM, or -EINVAL with *error. The root and
 * directories that are missing are added. Context: after mem/heap. */
int uk_cpio_parse(struct cpio_archive *a, const void *data, size_t size, struct cpio_error *error);

/* Give the table back. Context: after mem/heap. */
void uk_cpio_drop(struct cpio_archive *a);

/* The entry of a normalised path, or NULL. Context: any. */
const struct cpio_entry *uk_cpio_find(const struct cpio_archive *a, const char *path, size_t len);

/* The entry that holds the contents: another one, if e is a hard link without any. Context: any. */
const struct cpio_entry *uk_cpio_contents(const struct cpio_archive *a, const struct cpio_entry *e);

/* Whether e is directly in directory dir, and the part of its name below dir. Context: any. */
const char *uk_cpio_child(const struct cpio_entry *dir, const struct cpio_entry *e, size_t *len);
