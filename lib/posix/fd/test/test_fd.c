/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <posix/fd/config.h>

#include <errno.h>
#include <string.h>

#include <uk/fd.h>
#include <uk/plat/time.h>
#include <uk/test.h>
#include <uk/vfs.h>

#include "../table.h"

/* A stream that is ready when told so. */
struct pipe {
	struct uk_file file;
	unsigned ready;
	int released;
};

static unsigned pipe_poll(struct uk_file *f, unsigned events)
{
	return uk_container_of(f, struct pipe, file)->ready & events;
}

static void pipe_release(struct uk_file *f)
{
	uk_container_of(f, struct pipe, file)->released++;
}

static const struct uk_file_ops pipe_ops = {.poll = pipe_poll, .release = pipe_release};

static int open_pipe(struct pipe *p, int lowest)
{
	p->ready = 0;
	p->released = 0;
	uk_file_init(&p->file, &pipe_ops, UK_O_RDWR, false);
	return uk_fd_install(&p->file, lowest, 0);
}

UK_TEST(fd, lowest_free_descriptor)
{
	struct pipe p, q;
	int a = open_pipe(&p, 0), b = open_pipe(&q, 0), c;

	UK_CHECK(a >= 3 && b == a + 1);
	UK_CHECK_EQ(uk_fd_close(a), 0);
	UK_CHECK_EQ(p.released, 1);
	c = uk_fd_dup(b);
	UK_CHECK_EQ(c, a);
	UK_CHECK_EQ(uk_fd_close(b), 0);
	UK_CHECK_EQ(q.released, 0);
	UK_CHECK_EQ(uk_fd_close(c), 0);
	UK_CHECK_EQ(q.released, 1);
	UK_CHECK_EQ(uk_fd_close(c), -EBADF);
}

UK_TEST(fd, table_full)
{
	struct pipe p, q;
	int fd = open_pipe(&p, 0), n = 0, copy;

	while ((copy = uk_fd_dup(fd)) >= 0)
		n++;
	UK_CHECK_EQ(copy, -EMFILE);
	UK_CHECK(n >= CONFIG_POSIX_FD_MAX - 16);
	UK_CHECK_EQ(open_pipe(&q, 0), -EMFILE);
	UK_CHECK_EQ(q.released, 1);
	while (n--)
		uk_fd_close(fd + 1 + n);
	UK_CHECK_EQ(uk_fd_close(fd), 0);
	UK_CHECK_EQ(p.released, 1);
}

UK_TEST(fd, dup2_replaces)
{
	struct pipe p, q;
	int a = open_pipe(&p, 0), b = open_pipe(&q, 0);

	UK_CHECK_EQ(uk_fd_dup2(a, b), b);
	UK_CHECK_EQ(q.released, 1);
	UK_CHECK_EQ(uk_fd_dup2(a, a), a);
	UK_CHECK_EQ(uk_fd_dup2(a, -1), -EBADF);
	UK_CHECK_EQ(uk_fd_dup2(CONFIG_POSIX_FD_MAX - 1, b), -EBADF);
	UK_CHECK_EQ(uk_fd_dup3(a, a, 0), -EINVAL);
	uk_fd_close(a);
	UK_CHECK_EQ(p.released, 0);
	uk_fd_close(b);
	UK_CHECK_EQ(p.released, 1);
}

UK_TEST(fd, fcntl_flags)
{
	struct pipe p;
	int a = open_pipe(&p, 0), b = uk_fd_fcntl(a, UK_F_DUPFD_CLOEXEC, 20);

	UK_CHECK_EQ(b, 20);
	UK_CHECK_EQ(uk_fd_fcntl(a, UK_F_GETFD, 0), 0);
	UK_CHECK_EQ(uk_fd_fcntl(b, UK_F_GETFD, 0), UK_FD_CLOEXEC);
	UK_CHECK_EQ(uk_fd_fcntl(b, UK_F_SETFD, 0), 0);
	UK_CHECK_EQ(uk_fd_fcntl(b, UK_F_GETFD, 0), 0);
	UK_CHECK_EQ(uk_fd_fcntl(a, UK_F_SETFL, UK_O_NONBLOCK | UK_O_WRONLY), 0);
	UK_CHECK_EQ(uk_fd_fcntl(b, UK_F_GETFL, 0), UK_O_RDWR | UK_O_NONBLOCK);
	UK_CHECK_EQ(uk_fd_fcntl(a, 999, 0), -EINVAL);
	UK_CHECK_EQ(uk_fd_fcntl(a, UK_F_DUPFD, (uintptr_t)-1), -EINVAL);
	uk_fd_close(b);
	/* an int in a vararg: the upper half of the register is anything */
	b = uk_fd_fcntl(a, UK_F_DUPFD, (uintptr_t)(0xabcdull << 32 | 20));
	UK_CHECK_EQ(b, 20);
	uk_fd_close(a);
	uk_fd_close(b);
	UK_CHECK_EQ(uk_fd_fcntl(a, UK_F_GETFL, 0), -EBADF);
}

UK_TEST(fd, poll_counts_and_times_out)
{
	struct pipe p, q;
	int a = open_pipe(&p, 0), b = open_pipe(&q, 0);
	struct uk_pollfd fds[] = {{a, UK_POLLIN, 0}, {b, UK_POLLOUT, 0}, {-1, UK_POLLIN, 0}, {999999, UK_POLLIN, 0}};
	uint64_t start = uk_plat_time_ns();

	UK_CHECK_EQ(uk_fd_poll(fds, 3, 0), 0);
	UK_CHECK_EQ(uk_fd_poll(fds, 3, start + 2000000), 0);
	UK_CHECK(uk_plat_time_ns() - start >= 2000000);
	p.ready = UK_POLLIN;
	q.ready = UK_POLLHUP;
	UK_CHECK_EQ(uk_fd_poll(fds, 4, UK_WAIT_FOREVER), 3);
	UK_CHECK_EQ(fds[0].revents, UK_POLLIN);
	UK_CHECK_EQ(fds[1].revents, UK_POLLHUP);
	UK_CHECK_EQ(fds[2].revents, 0);
	UK_CHECK_EQ(fds[3].revents, UK_POLLNVAL);
	uk_fd_close(a);
	uk_fd_close(b);
}

UK_TEST(fd, console_is_there)
{
	struct uk_stat st;

	UK_CHECK_EQ(uk_fd_stat(1, &st), 0);
	UK_CHECK_EQ(st.mode & UK_S_IFMT, UK_S_IFCHR);
	UK_CHECK_EQ(uk_fd_write(1, "# console\n", 10), 10);
	UK_CHECK_EQ(uk_fd_write(1, "", 0), 0);
	UK_CHECK_EQ(uk_fd_lseek(1, 0, UK_SEEK_SET), -ESPIPE);
	UK_CHECK_EQ(uk_fd_pread(0, &st, 1, 0), -ESPIPE);
}

UK_TEST(fd, console_says_whether_it_is_a_terminal)
{
	unsigned char termios[64], window[8];
	bool tty = uk_fd_console_is_tty(0) || uk_fd_console_is_tty(1);
	int waiting;

	UK_CHECK_EQ(uk_fd_ioctl(1, 0x5401, (uintptr_t)termios), tty ? 0 : -ENOTTY);
	UK_CHECK_EQ(uk_fd_ioctl(1, 0x5413, (uintptr_t)window), tty ? 0 : -ENOTTY);
	UK_CHECK_EQ(uk_fd_ioctl(0, 0x541b, (uintptr_t)&waiting), 0);
}

static int plain_stat(struct uk_mount *m UK_UNUSED, const char *path, struct uk_stat *st)
{
	st->mode = path[0] ? UK_S_IFREG | 0644 : UK_S_IFDIR | 0755;
	return 0;
}

UK_TEST(fd, access_of_read_only_files)
{
	static const struct uk_fs_ops ops = {.name = "plain", .stat = plain_stat};
	struct uk_mount m = {.ops = &ops, .read_only = true};

	UK_REQUIRE(!uk_vfs_mount(&m, "/ro"));
	UK_CHECK_EQ(uk_fd_access(UK_AT_FDCWD, "/ro/x", 4), 0);
	UK_CHECK_EQ(uk_fd_access(UK_AT_FDCWD, "/ro/x", 1), -EACCES);
	UK_CHECK_EQ(uk_fd_access(UK_AT_FDCWD, "/ro/x", 6), -EROFS);
	m.read_only = false;
	UK_CHECK_EQ(uk_fd_access(UK_AT_FDCWD, "/ro/x", 6), 0);
	uk_vfs_unmount(&m);
}

/* The one symbolic link of a mount is "link". */
static const char *link_target;

static ssize_t link_readlink(struct uk_mount *m UK_UNUSED, const char *path, char *buf, size_t size)
{
	size_t len = UK_MIN(strlen(link_target), size);

	if (strcmp(path, "link") != 0)
		return -EINVAL;
	memcpy(buf, link_target, len);
	return (ssize_t)len;
}

/* Whether a file can be changed depends on where it lies, not on where the link to it does. */
UK_TEST(fd, access_through_a_link_to_another_mount)
{
	static const struct uk_fs_ops ops = {.name = "links", .stat = plain_stat, .readlink = link_readlink};
	struct uk_mount rw = {.ops = &ops, .has_links = true}, ro = {.ops = &ops, .has_links = true, .read_only = true};

	UK_REQUIRE(!uk_vfs_mount(&rw, "/rw"));
	UK_REQUIRE(!uk_vfs_mount(&ro, "/rw/ro"));
	link_target = "ro/x";
	UK_CHECK_EQ(uk_fd_access(UK_AT_FDCWD, "/rw/link", 2), -EROFS);
	UK_CHECK_EQ(uk_fd_access(UK_AT_FDCWD, "/rw/link", 4), 0);
	link_target = "/rw/ro/x";
	UK_CHECK_EQ(uk_fd_access(UK_AT_FDCWD, "/rw/link", 2), -EROFS);
	link_target = "../x";
	UK_CHECK_EQ(uk_fd_access(UK_AT_FDCWD, "/rw/ro/link", 2), 0);
	link_target = "/rw/./x";
	UK_CHECK_EQ(uk_fd_access(UK_AT_FDCWD, "/rw/ro/link", 6), 0);
	link_target = "/rw/link";
	UK_CHECK_EQ(uk_fd_access(UK_AT_FDCWD, "/rw/link", 2), -ELOOP);
	UK_CHECK_EQ(uk_vfs_unmount(&ro), 0);
	UK_CHECK_EQ(uk_vfs_unmount(&rw), 0);
}

UK_TEST(fd, access_checks_its_mode)
{
	UK_CHECK_EQ(uk_fd_access(UK_AT_FDCWD, "/", 8), -EINVAL);
	UK_CHECK_EQ(uk_fd_access(UK_AT_FDCWD, "/", -1), -EINVAL);
	UK_CHECK_EQ(uk_fd_access(UK_AT_FDCWD, "/no/such/file", 2), -ENOENT);
}

UK_TEST(fd, missing_operations_have_errors)
{
	struct pipe p;
	int a = open_pipe(&p, 0);
	struct uk_stat st;
	char buf[8];

	UK_CHECK_EQ(uk_fd_read(a, buf, 8), -EINVAL);
	UK_CHECK_EQ(uk_fd_ioctl(a, 1, 0), -ENOTTY);
	UK_CHECK_EQ(uk_fd_stat(a, &st), -EINVAL);
	UK_CHECK_EQ(uk_fd_getdents(a, buf, 8), -ENOTDIR);
	UK_CHECK_EQ(uk_fd_sync(a, true), 0);
	UK_CHECK_EQ(uk_fd_truncate(a, 0), -EINVAL);
	UK_CHECK_EQ(uk_fd_isatty(a), -ENOTTY);
	UK_CHECK_EQ(uk_fd_fchdir(a), -ENOTDIR);
	UK_CHECK_EQ(uk_fd_open(a, "x", 0, 0), -ENOTDIR);
	UK_CHECK_EQ(uk_fd_readv(a, NULL, -1), -EINVAL);
	uk_fd_close(a);
	UK_CHECK_EQ(uk_fd_read(a, buf, 8), -EBADF);
}

UK_TEST(fd, working_directory)
{
	char buf[16];

	UK_CHECK_EQ(uk_fd_getcwd(buf, sizeof(buf)), 1);
	UK_CHECK_STR(buf, "/");
	UK_CHECK_EQ(uk_fd_getcwd(buf, 1), -ERANGE);
	UK_CHECK_EQ(uk_fd_chdir("/no/such/place"), -ENOENT);
}
