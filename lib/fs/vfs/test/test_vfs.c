/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <errno.h>
#include <string.h>

#include <uk/test.h>
#include <uk/vfs.h>

/* A file of eight bytes in memory, and a file system in which every name opens it. */
static char memory[8];
static size_t size;
static int released;

static ssize_t fake_read(struct uk_file *f UK_UNUSED, const struct uk_iovec *iov, size_t n, int64_t pos)
{
	size_t len = (size_t)pos < size ? UK_MIN(iov[0].len, size - (size_t)pos) : 0;

	memcpy(iov[0].base, memory + pos, n ? len : 0);
	return (ssize_t)len;
}

static ssize_t fake_write(struct uk_file *f UK_UNUSED, const struct uk_iovec *iov, size_t n UK_UNUSED, int64_t pos)
{
	size_t at = pos == UK_FILE_APPEND ? size : (size_t)pos;
	size_t len = at < sizeof(memory) ? UK_MIN(iov[0].len, sizeof(memory) - at) : 0;

	memcpy(memory + at, iov[0].base, len);
	size = UK_MAX(size, at + len);
	return len ? (ssize_t)len : -ENOSPC;
}

static int fake_stat(struct uk_file *f UK_UNUSED, struct uk_stat *st)
{
	st->size = (int64_t)size;
	return 0;
}

static void fake_release(struct uk_file *f UK_UNUSED)
{
	released++;
}

static const struct uk_file_ops fake_ops = {
    .read = fake_read, .write = fake_write, .stat = fake_stat, .release = fake_release};
static struct uk_file fake;
static char opened[64];

static int fs_open(struct uk_mount *m, const char *path, unsigned flags, unsigned mode UK_UNUSED, struct uk_file **out)
{
	strcpy(opened, m->at);
	strcat(strcat(opened, "|"), path);
	uk_file_init(&fake, &fake_ops, flags, true);
	*out = &fake;
	return 0;
}

static const struct uk_fs_ops fs_ops = {.name = "fake", .open = fs_open};
static struct uk_mount outer = {.ops = &fs_ops}, inner = {.ops = &fs_ops};

static int setup(void)
{
	size = 0;
	released = 0;
	return uk_vfs_mount(&outer, "/t") || uk_vfs_mount(&inner, "/t/in");
}

static void teardown(void)
{
	uk_vfs_unmount(&inner);
	uk_vfs_unmount(&outer);
}

UK_TEST_FIXTURE(vfs, setup, teardown);

struct route {
	const char *base, *path, *expected;
};

static const struct route routes[] = {
    {"/", "/t/a", "/t|a"},
    {"/t", "a/b", "/t|a/b"},
    {"/t", "in", "/t/in|"},
    {"/t", "in/x", "/t/in|x"},
    {"/t", "inner", "/t|inner"},
    {"/t/in", "../a", "/t|a"},
    {"/t/in", "./../in/./y", "/t/in|y"},
    {"/", "t//in///z", "/t/in|z"},
    {"/", "../../t/q", "/t|q"},
};

UK_TEST_EACH(vfs, routes, struct route, routes)
{
	struct uk_file *f;

	UK_REQUIRE(!uk_vfs_open(it->base, it->path, 0, 0, &f));
	UK_CHECK_STR(opened, it->expected);
	uk_file_put(f);
	UK_CHECK_EQ(released, 1);
}

UK_TEST(vfs, mount_errors)
{
	struct uk_mount other = {.ops = &fs_ops};

	UK_CHECK_EQ(uk_vfs_mount(&other, "relative"), -EINVAL);
	UK_CHECK_EQ(uk_vfs_mount(&other, "/slash/"), -EINVAL);
	UK_CHECK_EQ(uk_vfs_mount(&other, "/a//b"), -EINVAL);
	UK_CHECK_EQ(uk_vfs_unmount(&outer), -EBUSY);
	UK_CHECK_EQ(uk_vfs_mkdir("/t", "d", 0), -EROFS);
	UK_CHECK_EQ(uk_vfs_rename("/t", "a", "/t", "in/b"), -EXDEV);
}

UK_TEST(vfs, long_paths_are_refused)
{
	static char path[UK_PATH_MAX + 10];
	char out[UK_PATH_MAX];

	memset(path, 'a', 256);
	UK_CHECK_EQ(uk_vfs_resolve("/", path, true, out), -ENAMETOOLONG);
	for (size_t i = 0; i < sizeof(path) - 1; i++)
		path[i] = i % 2 ? 'a' : '/';
	UK_CHECK_EQ(uk_vfs_resolve("/", path, true, out), -ENAMETOOLONG);
	path[UK_PATH_MAX - 2] = '\0';
	UK_CHECK_EQ(uk_vfs_resolve("/", path, true, out), 0);
	UK_CHECK_EQ(uk_vfs_resolve("/t", path + 1, true, out), -ENAMETOOLONG);
}

static ssize_t put(struct uk_file *f, const char *text)
{
	struct uk_iovec iov = {(void *)(uintptr_t)text, strlen(text)};

	return uk_file_writev(f, &iov, 1);
}

UK_TEST(vfs, position_and_append)
{
	char buf[8];
	struct uk_iovec iov = {buf, sizeof(buf)};

	uk_file_init(&fake, &fake_ops, UK_O_RDWR, true);
	UK_CHECK_EQ(put(&fake, "abc"), 3);
	UK_CHECK_EQ(fake.offset, 3);
	UK_CHECK_EQ(uk_file_seek(&fake, 0, UK_SEEK_SET), 0);
	fake.flags |= UK_O_APPEND;
	UK_CHECK_EQ(put(&fake, "de"), 2);
	UK_CHECK_EQ(fake.offset, 5);
	UK_CHECK_EQ(uk_file_preadv(&fake, &iov, 1, 1), 4);
	UK_CHECK(!memcmp(buf, "bcde", 4));
	UK_CHECK_EQ(fake.offset, 5);
	UK_CHECK_EQ(put(&fake, "fghijk"), 3);
	UK_CHECK_EQ(put(&fake, "l"), -ENOSPC);
}

UK_TEST(vfs, access_mode_is_enforced)
{
	struct uk_iovec iov = {memory, 1};

	uk_file_init(&fake, &fake_ops, UK_O_WRONLY, true);
	UK_CHECK_EQ(uk_file_readv(&fake, &iov, 1), -EBADF);
	uk_file_init(&fake, &fake_ops, UK_O_RDONLY, true);
	UK_CHECK_EQ(uk_file_writev(&fake, &iov, 1), -EBADF);
	uk_file_init(&fake, &fake_ops, UK_O_RDONLY, false);
	UK_CHECK_EQ(uk_file_preadv(&fake, &iov, 1, 0), -ESPIPE);
	UK_CHECK_EQ(uk_file_seek(&fake, 0, UK_SEEK_SET), -ESPIPE);
}

UK_TEST(vfs, lengths_must_add_up)
{
	struct uk_iovec iov[2] = {{memory, SIZE_MAX / 2}, {memory, SIZE_MAX / 2 + 2}};

	uk_file_init(&fake, &fake_ops, UK_O_RDWR, true);
	UK_CHECK_EQ(uk_file_readv(&fake, iov, 2), -EINVAL);
}
