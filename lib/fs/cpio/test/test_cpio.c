/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <errno.h>
#include <string.h>

#include <uk/file.h>
#include <uk/test.h>

#include "../mount.h"

/* An archive built in memory, as cpio -H newc would write it. */
static char image[8192];
static size_t used;
static struct cpio_fs fs;
static bool mounted;

static void put_hex(char *at, unsigned value)
{
	for (int i = 7; i >= 0; i--, value >>= 4)
		at[i] = "0123456789ABCDEF"[value & 15];
}

static void pad(void)
{
	while (used % 4)
		image[used++] = '\0';
}

static void add(const char *name, unsigned mode, const char *data, unsigned nlink, unsigned ino)
{
	unsigned fields[13] = {
	    ino, mode, 0, 0, nlink, 1000, (unsigned)strlen(data), 0, 0, 0, 0, (unsigned)strlen(name) + 1};

	memcpy(image + used, "070701", 6);
	for (int i = 0; i < 13; i++)
		put_hex(image + used + 6 + 8 * i, fields[i]);
	used += 110;
	strcpy(image + used, name);
	used += strlen(name) + 1;
	pad();
	memcpy(image + used, data, strlen(data));
	used += strlen(data);
	pad();
}

static void finish(void)
{
	add("TRAILER!!!", 0, "", 1, 0);
}

static int build(void)
{
	used = 0;
	add("./etc", 040755, "", 2, 1);
	add("etc/motd", 0100644, "welcome\n", 1, 2);
	add("etc-old", 0100644, "x", 1, 3);
	add("deep/er/file", 0100600, "implied directories", 1, 4);
	add("link", 0120777, "etc/motd", 1, 5);
	add("loop", 0120777, "loop", 1, 6);
	add("dirlink", 0120777, "/m/etc", 1, 7);
	add("emptylink", 0120777, "", 1, 11);
	add("hard1", 0100644, "", 2, 8);
	add("hard2", 0100644, "shared", 2, 8);
	add("twice", 0100644, "old", 1, 9);
	add("twice", 0100644, "newer", 1, 10);
	finish();
	return uk_cpio_mount(&fs, image, used, "/m");
}

static int setup(void)
{
	int err = build();

	mounted = !err;
	return err;
}

static void teardown(void)
{
	if (mounted)
		uk_cpio_unmount(&fs);
	mounted = false;
}

UK_TEST_FIXTURE(cpio, setup, teardown);

/* The contents of a file, or "-errno" as text. */
static const char *slurp(const char *path)
{
	static char buf[64];
	struct uk_iovec iov = {buf, sizeof(buf) - 1};
	struct uk_file *f;
	ssize_t n;

	if (uk_vfs_open("/m", path, UK_O_RDONLY, 0, &f))
		return "cannot open";
	n = uk_file_readv(f, &iov, 1);
	buf[n < 0 ? 0 : n] = '\0';
	uk_file_put(f);
	return buf;
}

UK_TEST(cpio, reads_files)
{
	UK_CHECK_STR(slurp("etc/motd"), "welcome\n");
	UK_CHECK_STR(slurp("/m/etc/motd"), "welcome\n");
	UK_CHECK_STR(slurp("deep/er/file"), "implied directories");
	UK_CHECK_STR(slurp("./etc/../etc//motd"), "welcome\n");
	UK_CHECK_STR(slurp("/m/../m/deep/./er/../../link"), "welcome\n");
}

UK_TEST(cpio, last_of_equal_names_counts)
{
	UK_CHECK_STR(slurp("twice"), "newer");
}

UK_TEST(cpio, hard_links_share_contents)
{
	struct uk_stat st;

	UK_CHECK_STR(slurp("hard1"), "shared");
	UK_CHECK_STR(slurp("hard2"), "shared");
	UK_CHECK_EQ(uk_vfs_stat("/m", "hard1", true, &st), 0);
	UK_CHECK_EQ(st.size, 6);
}

UK_TEST(cpio, follows_links)
{
	struct uk_file *f;
	struct uk_stat st;
	char target[64];

	UK_CHECK_STR(slurp("link"), "welcome\n");
	UK_CHECK_STR(slurp("dirlink/motd"), "welcome\n");
	UK_CHECK_EQ(uk_vfs_open("/m", "loop", 0, 0, &f), -ELOOP);
	UK_CHECK_EQ(uk_vfs_open("/m", "link", UK_O_NOFOLLOW, 0, &f), -ELOOP);
	UK_CHECK_EQ(uk_vfs_readlink("/m", "link", target, sizeof(target)), 8);
	UK_CHECK_EQ(uk_vfs_stat("/m", "link", false, &st), 0);
	UK_CHECK_EQ(st.mode & UK_S_IFMT, UK_S_IFLNK);
	UK_CHECK_EQ(uk_vfs_stat("/m", "link", true, &st), 0);
	UK_CHECK_EQ(st.size, 8);
}

struct refusal {
	const char *path;
	unsigned flags;
	int err;
};

static const struct refusal refusals[] = {
    {"nothing", 0, -ENOENT},
    {"etc/motd/below", 0, -ENOTDIR},
    {"etc/motd/", 0, -ENOTDIR},
    {"nodir/file", 0, -ENOENT},
    {"etc/motd", UK_O_DIRECTORY, -ENOTDIR},
    {"etc", UK_O_WRONLY, -EISDIR},
    {"etc/motd", UK_O_RDWR, -EROFS},
    {"etc/motd", UK_O_TRUNC, -EROFS},
    {"new", UK_O_CREAT | UK_O_WRONLY, -EROFS},
    {"etc/motd", UK_O_CREAT | UK_O_EXCL, -EEXIST},
    {"new/", UK_O_CREAT | UK_O_WRONLY, -EROFS},
    {"nodir/new", UK_O_CREAT | UK_O_WRONLY, -ENOENT},
    {"etc/motd/new", UK_O_CREAT | UK_O_WRONLY, -ENOTDIR},
    {"", 0, -ENOENT},
    {"emptylink", 0, -ENOENT},
    {"emptylink/m/etc/motd", 0, -ENOENT},
    {"etc/motd/..", 0, -ENOTDIR},
    {"etc/motd/.", 0, -ENOTDIR},
    {"link/../motd", 0, -ENOTDIR},
    {"nodir/../twice", 0, -ENOENT},
    {"etc/nothing/.", 0, -ENOENT},
};

UK_TEST_EACH(cpio, refuses, struct refusal, refusals)
{
	struct uk_file *f;

	UK_CHECK_EQ(uk_vfs_open("/m", it->path, it->flags, 0644, &f), it->err);
}

UK_TEST(cpio, changes_are_refused)
{
	UK_CHECK_EQ(uk_vfs_mkdir("/m", "new", 0755), -EROFS);
	UK_CHECK_EQ(uk_vfs_writable("/m", "twice"), -EROFS);
	UK_CHECK_EQ(uk_vfs_unlink("/m", "twice"), -EROFS);
	UK_CHECK_EQ(uk_vfs_rename("/m", "twice", "/m", "thrice"), -EROFS);
}

/* Lists a directory with a buffer of the given size: the names, separated by blanks. */
static const char *list(const char *path, size_t size)
{
	static char names[256];
	char buf[512] UK_ALIGNED(8);
	uint64_t cookie = 0;
	struct uk_file *f;
	ssize_t n;

	names[0] = '\0';
	if (uk_vfs_open("/m", path, UK_O_DIRECTORY, 0, &f))
		return "cannot open";
	while ((n = f->ops->getdents(f, buf, size, &cookie)) > 0) {
		for (ssize_t at = 0; at < n;) {
			struct uk_dirent *e = (struct uk_dirent *)(void *)(buf + at);

			strcat(strcat(names, e->name), " ");
			at += e->reclen;
		}
	}
	uk_file_put(f);
	return names;
}

/* The file serial number that a directory gives for a name in it. */
static uint64_t listed_number(const char *path, const char *name)
{
	char buf[512] UK_ALIGNED(8);
	uint64_t cookie = 0, ino = 0;
	struct uk_file *f;
	ssize_t n;

	if (uk_vfs_open("/m", path, UK_O_DIRECTORY, 0, &f))
		return 0;
	n = f->ops->getdents(f, buf, sizeof(buf), &cookie);
	for (ssize_t at = 0; at < n;) {
		struct uk_dirent *e = (struct uk_dirent *)(void *)(buf + at);

		if (!strcmp(e->name, name))
			ino = e->ino;
		at += e->reclen;
	}
	uk_file_put(f);
	return ino;
}

UK_TEST(cpio, lists_the_numbers_of_stat)
{
	static const char *const paths[][3] = {
	    {"deep/er", ".", "deep/er"}, {"deep/er", "..", "deep"}, {"deep", "..", "."}, {".", "..", "."}};
	struct uk_stat st;

	for (size_t i = 0; i < UK_ARRAY_SIZE(paths); i++) {
		UK_CHECK_EQ(uk_vfs_stat("/m", paths[i][2], true, &st), 0);
		UK_CHECK_EQ(listed_number(paths[i][0], paths[i][1]), st.ino);
	}
}

UK_TEST(cpio, lists_directories)
{
	UK_CHECK_STR(list(".", 512), ". .. deep dirlink emptylink etc etc-old hard1 hard2 link loop twice ");
	UK_CHECK_STR(list("etc", 512), ". .. motd ");
	UK_CHECK_STR(list("deep", 512), ". .. er ");
	UK_CHECK_STR(list(".", 32), ". .. deep dirlink emptylink etc etc-old hard1 hard2 link loop twice ");
}

UK_TEST(cpio, positions_and_vectors)
{
	char a[3], b[3];
	struct uk_iovec iov[2] = {{a, 3}, {b, 3}};
	struct uk_file *f;

	UK_REQUIRE(!uk_vfs_open("/m", "etc/motd", 0, 0, &f));
	UK_CHECK_EQ(uk_file_preadv(f, iov, 2, 2), 6);
	UK_CHECK(!memcmp(a, "lco", 3) && !memcmp(b, "me\n", 3));
	UK_CHECK_EQ(uk_file_seek(f, -2, UK_SEEK_END), 6);
	UK_CHECK_EQ(uk_file_readv(f, iov, 2), 2);
	UK_CHECK_EQ(uk_file_readv(f, iov, 2), 0);
	UK_CHECK_EQ(uk_file_seek(f, 100, UK_SEEK_SET), 100);
	UK_CHECK_EQ(uk_file_readv(f, iov, 2), 0);
	UK_CHECK_EQ(uk_file_seek(f, -1, UK_SEEK_SET), -EINVAL);
	UK_CHECK_EQ(uk_file_seek(f, INT64_MAX, UK_SEEK_CUR), -EOVERFLOW);
	UK_CHECK_EQ(uk_file_writev(f, iov, 1), -EBADF);
	uk_file_put(f);
}

/* Every archive that is cut or has a byte changed is refused or harmless: never read beyond. */
UK_TEST(cpio, refuses_damage)
{
	struct cpio_archive a;
	struct cpio_error error;
	size_t size = used;

	for (size_t cut = 0; cut < size - 1; cut += 7)
		UK_CHECK_EQ(uk_cpio_parse(&a, image, cut, &error), -EINVAL);
	image[0] = 'x';
	UK_CHECK_EQ(uk_cpio_parse(&a, image, size, &error), -EINVAL);
	UK_CHECK_EQ(error.offset, 0);
	image[0] = '0';
	image[14] = 'g';
	UK_CHECK_EQ(uk_cpio_parse(&a, image, size, &error), -EINVAL);
}

struct bad_name {
	const char *name;
};

#define X16 "xxxxxxxxxxxxxxxx"
#define X256 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16

static const struct bad_name bad_names[] = {{"a/../b"}, {"a//b"}, {".."}, {"a/./b"}, {"a/"}, {X256}, {"a/" X256 "/b"}};

UK_TEST_EACH(cpio, refuses_names, struct bad_name, bad_names)
{
	static char saved[sizeof(image)];
	struct cpio_archive a;
	struct cpio_error error;
	size_t size = used;

	memcpy(saved, image, sizeof(image));
	used = 0;
	add(it->name, 0100644, "", 1, 1);
	finish();
	UK_CHECK_EQ(uk_cpio_parse(&a, image, used, &error), -EINVAL);
	memcpy(image, saved, sizeof(image));
	used = size;
}
