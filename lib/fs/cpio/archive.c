/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Reads the table of a cpio archive. The archive is input: every number in it is checked before it is used. */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <uk/alloc.h>
#include <uk/base.h>
#include <uk/file.h>

#include "archive.h"

#define HEADER 110
#define FIELDS 13

enum {
	INO,
	MODE,
	UID,
	GID,
	NLINK,
	MTIME,
	FILESIZE,
	DEVMAJOR,
	DEVMINOR,
	RDEVMAJOR,
	RDEVMINOR,
	NAMESIZE,
	CHECK
};

/* A position in the archive being read, and the entry found there. */
struct reader {
	const char *data;
	size_t size, at;
	const char *reason;
	uint32_t field[FIELDS];
	const char *name;
	size_t name_len;
	const char *contents;
};

static bool refuse(struct reader *r, const char *reason)
{
	r->reason = reason;
	return false;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool read_header(struct reader *r)
{
	const char *p = r->data + r->at;

	if (r->size - r->at < HEADER)
		return refuse(r, r->at ? "ends without TRAILER!!!: truncated" : "too short for a cpio archive");
	if (memcmp(p, "070701", 6) != 0 && memcmp(p, "070702", 6) != 0)
		return refuse(r, "no newc header (compressed, or another format?)");
	for (int i = 0; i < FIELDS; i++) {
		r->field[i] = 0;
		for (int j = 0; j < 8; j++) {
			int digit = hex_digit(p[6 + 8 * i + j]);

			if (digit < 0)
				return refuse(r, "header holds other than hex digits");
			r->field[i] = r->field[i] << 4 | (uint32_t)digit;
		}
	}
	return true;
}

/* Names are relative and plain; the usual leading "./" or "/" is dropped. */
static bool clean_name(struct reader *r)
{
	const char *component;

	while (r->name_len && (r->name[0] == '/' || (r->name[0] == '.' && (r->name_len == 1 || r->name[1] == '/')))) {
		r->name++;
		r->name_len--;
	}
	for (size_t i = 0; i < r->name_len; i += 1) {
		size_t len = 0;

		component = r->name + i;
		while (i + len < r->name_len && component[len] != '/')
			len++;
		if (!len || (component[0] == '.' && (len == 1 || (len == 2 && component[1] == '.'))))
			return refuse(r, "name with an empty, . or .. component");
		if (len > 255)
			return refuse(r, "name with a component of more than 255 bytes");
		i += len;
		if (i + 1 == r->name_len)
			return refuse(r, "name ends in a slash");
	}
	return true;
}

/* Step over the entry at r->at. */
static bool read_entry(struct reader *r)
{
	size_t name_at = r->at + HEADER, data_at;

	if (!read_header(r))
		return false;
	if (!r->field[NAMESIZE] || r->field[NAMESIZE] > UINT16_MAX || r->field[NAMESIZE] > r->size - name_at)
		return refuse(r, "name reaches beyond the end");
	r->name = r->data + name_at;
	r->name_len = r->field[NAMESIZE] - 1;
	if (strnlen(r->name, r->field[NAMESIZE]) != r->name_len)
		return refuse(r, "name is not terminated where it says");
	data_at = UK_ALIGN_UP(name_at + r->field[NAMESIZE], 4);
	if (data_at > r->size || r->field[FILESIZE] > r->size - data_at)
		return refuse(r, "contents reach beyond the end");
	r->contents = r->data + data_at;
	r->at = UK_MIN(UK_ALIGN_UP(data_at + r->field[FILESIZE], 4), r->size);
	return true;
}

static bool is_trailer(const struct reader *r)
{
	return r->name_len == 10 && !memcmp(r->name, "TRAILER!!!", 10);
}

/* Walk the archive; with entries NULL only count them. */
static bool walk(struct reader *r, struct cpio_entry *entries, size_t *count)
{
	size_t start = r->at;

	for (*count = 0;; ++*count) {
		start = r->at;
		if (!read_entry(r) || (!is_trailer(r) && !clean_name(r))) {
			r->at = start;
			return false;
		}
		if (is_trailer(r))
			return true;
		if (entries)
			entries[*count] = (struct cpio_entry){
			    .name = r->name,
			    .name_len = (uint32_t)r->name_len,
			    .mode = r->field[MODE],
			    .uid = r->field[UID],
			    .gid = r->field[GID],
			    .nlink = r->field[NLINK],
			    .mtime = r->field[MTIME],
			    .ino = r->field[INO],
			    .size = r->field[FILESIZE],
			    .data = r->contents,
			    .order = (uint32_t)*count,
			};
	}
}

/* Order of paths in which a slash comes before every other character, so that a directory's contents follow it. */
static int compare_names(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t len = UK_MIN(a_len, b_len);

	for (size_t i = 0; i < len; i++) {
		if (a[i] != b[i])
			return a[i] == '/' ? -1 : b[i] == '/' ? 1 : (unsigned char)a[i] - (unsigned char)b[i];
	}
	return a_len < b_len ? -1 : a_len > b_len;
}

static bool comes_before(const struct cpio_entry *a, const struct cpio_entry *b)
{
	int order = compare_names(a->name, a->name_len, b->name, b->name_len);

	return order ? order < 0 : a->order < b->order;
}

/* Let the entry at `root` sink to its place in a heap of n entries. */
static void sift(struct cpio_entry *e, size_t root, size_t n)
{
	for (size_t child; (child = 2 * root + 1) < n; root = child) {
		struct cpio_entry swap = e[root];

		if (child + 1 < n && comes_before(&e[child], &e[child + 1]))
			child++;
		if (!comes_before(&e[root], &e[child]))
			return;
		e[root] = e[child];
		e[child] = swap;
	}
}

/* Heap sort: n log n whatever the input, no memory. */
static void sort(struct cpio_entry *e, size_t n)
{
	for (size_t i = n / 2; i-- > 0;)
		sift(e, i, n);
	for (size_t i = n; i-- > 1;) {
		struct cpio_entry last = e[i];

		e[i] = e[0];
		e[0] = last;
		sift(e, 0, i);
	}
}

static bool same_name(const struct cpio_entry *a, const struct cpio_entry *b)
{
	return a->name_len == b->name_len && !memcmp(a->name, b->name, a->name_len);
}

/* Of entries with one name the last in the archive stays. */
static size_t drop_duplicates(struct cpio_entry *e, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		if (kept && same_name(&e[kept - 1], &e[i]))
			kept--;
		e[kept++] = e[i];
	}
	return kept;
}

/* How far two names agree up to a slash: what a directory that holds both is called. */
static size_t common_directory(const struct cpio_entry *a, const struct cpio_entry *b)
{
	size_t end = 0;

	for (size_t i = 0; i < b->name_len && i < a->name_len && a->name[i] == b->name[i]; i++) {
		if (i + 1 == a->name_len && i + 1 < b->name_len && b->name[i + 1] == '/')
			return i + 1;
		if (a->name[i] == '/')
			end = i;
	}
	return end;
}

/* The directories that sorted entries imply but do not contain; with out NULL only their number. */
static size_t missing_directories(const struct cpio_entry *e, size_t n, struct cpio_entry *out)
{
	static const struct cpio_entry nothing = {.name = ""};
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		size_t known = common_directory(i ? &e[i - 1] : &nothing, &e[i]);

		for (size_t j = known ? known + 1 : 1; j < e[i].name_len; j++) {
			if (e[i].name[j] != '/')
				continue;
			if (out)
				out[count] = (struct cpio_entry){
				    .name = e[i].name, .name_len = (uint32_t)j, .mode = UK_S_IFDIR | 0555, .nlink = 2};
			count++;
		}
	}
	return count;
}

/* Room for the archive's n entries, the root and the directories to be added. */
static int complete(struct cpio_archive *a, size_t n)
{
	struct cpio_entry *e = a->entries, *grown;
	size_t more;

	e[n++] = (struct cpio_entry){.name = "", .mode = UK_S_IFDIR | 0555, .nlink = 2};
	sort(e, n);
	n = drop_duplicates(e, n);
	more = missing_directories(e, n, NULL);
	if (more) {
		grown = uk_realloc(e, (n + more) * sizeof(*e));
		if (!grown)
			return -ENOMEM;
		a->entries = grown;
		missing_directories(grown, n, grown + n);
		n += more;
		sort(grown, n);
	}
	a->count = drop_duplicates(a->entries, n);
	return 0;
}

int uk_cpio_parse(struct cpio_archive *a, const void *data, size_t size, struct cpio_error *error)
{
	struct reader r = {.data = data, .size = size};
	size_t count;
	int err = 0;

	a->entries = NULL;
	if (!walk(&r, NULL, &count)) {
		*error = (struct cpio_error){r.at, r.reason};
		return -EINVAL;
	}
	a->entries = uk_malloc((count + 1) * sizeof(*a->entries));
	if (!a->entries)
		return -ENOMEM;
	r.at = 0;
	walk(&r, a->entries, &count);
	err = complete(a, count);
	if (err)
		uk_cpio_drop(a);
	return err;
}

void uk_cpio_drop(struct cpio_archive *a)
{
	uk_free(a->entries);
	a->entries = NULL;
	a->count = 0;
}

const struct cpio_entry *uk_cpio_find(const struct cpio_archive *a, const char *path, size_t len)
{
	size_t low = 0, high = a->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct cpio_entry *e = &a->entries[middle];
		int order = compare_names(path, len, e->name, e->name_len);

		if (!order)
			return e;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

const struct cpio_entry *uk_cpio_contents(const struct cpio_archive *a, const struct cpio_entry *e)
{
	if (e->size || e->nlink < 2 || (e->mode & UK_S_IFMT) != UK_S_IFREG)
		return e;
	for (size_t i = 0; i < a->count; i++)
		if (a->entries[i].ino == e->ino && a->entries[i].size && (a->entries[i].mode & UK_S_IFMT) == UK_S_IFREG)
			return &a->entries[i];
	return e;
}

const char *uk_cpio_child(const struct cpio_entry *dir, const struct cpio_entry *e, size_t *len)
{
	size_t skip = dir->name_len ? dir->name_len + 1 : 0;

	if (e->name_len <= skip || memcmp(e->name, dir->name, dir->name_len) != 0 || (skip && e->name[skip - 1] != '/'))
		return NULL;
	*len = e->name_len - skip;
	return e->name + skip;
}
