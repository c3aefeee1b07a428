/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Descriptors, positions, the working directory and mounts, used by several threads at once. */
#include <posix/fd/config.h>

#include <errno.h>
#include <string.h>

#include <uk/alloc.h>
#include <uk/fd.h>
#include <uk/plat/cpu.h>
#include <uk/test.h>
#include <uk/thread.h>
#include <uk/vfs.h>

#define THREADS 4
#define ROUNDS 2000
#define RECORDS 4000

static struct uk_thread *threads[THREADS];
static unsigned waiting; /* threads that have not begun */
static unsigned open_files;
static uint8_t users[CONFIG_POSIX_FD_MAX], seen[RECORDS];
static int shared;

/* A file of numbers: record n, four bytes, is n. */
static ssize_t numbers_read(struct uk_file *f, const struct uk_iovec *iov, size_t n, int64_t pos)
{
	uint32_t record = (uint32_t)(pos / 4);

	(void)f;
	if (n != 1 || iov[0].len != 4 || record >= RECORDS)
		return 0;
	uk_thread_yield(); /* as a file system that waits for its device */
	memcpy(iov[0].base, &record, 4);
	return 4;
}

static void numbers_release(struct uk_file *f)
{
	__atomic_fetch_sub(&open_files, 1, __ATOMIC_RELAXED);
	uk_free(f);
}

static const struct uk_file_ops file_ops = {.read = numbers_read, .release = numbers_release};

static int numbers_open(struct uk_mount *m, const char *path, unsigned flags, unsigned mode, struct uk_file **out)
{
	struct uk_file *f = uk_malloc(sizeof(*f));

	(void)m;
	(void)path;
	(void)mode;
	if (!f)
		return -ENOMEM;
	uk_file_init(f, &file_ops, flags, true);
	__atomic_fetch_add(&open_files, 1, __ATOMIC_RELAXED);
	*out = f;
	return 0;
}

/* Directories are "", "a" and "b"; a file "x" is in "a" only. */
static int numbers_stat(struct uk_mount *m, const char *path, struct uk_stat *st)
{
	(void)m;
	if (!strcmp(path, "a/x"))
		st->mode = UK_S_IFREG | 0644;
	else if (!*path || !strcmp(path, "a") || !strcmp(path, "b"))
		st->mode = UK_S_IFDIR | 0755;
	else
		return -ENOENT;
	return 0;
}

static const struct uk_fs_ops fs_ops = {.name = "numbers", .open = numbers_open, .stat = numbers_stat};
static struct uk_mount mount = {.ops = &fs_ops}, other_mount = {.ops = &fs_ops}, root = {.ops = &fs_ops};

static int setup(void)
{
	return uk_vfs_mount(&root, "/") || uk_vfs_mount(&mount, "/numbers");
}

static void teardown(void)
{
	UK_CHECK_EQ(uk_fd_chdir("/"), 0);
	UK_CHECK_EQ(uk_vfs_unmount(&mount), 0);
	UK_CHECK_EQ(uk_vfs_unmount(&root), 0);
	UK_CHECK_EQ(open_files, 0);
}
UK_TEST_FIXTURE(fd_threads, setup, teardown);

static void run(void *(*entry)(void *arg))
{
	waiting = THREADS;
	for (uintptr_t i = 0; i < THREADS; i++) {
		struct uk_thread_attr attr = {.name = "files", .affinity = (uint64_t)1 << i % uk_plat_cpus()};

		UK_REQUIRE(uk_thread_create(&threads[i], &attr, entry, (void *)i) == 0);
	}
	for (unsigned i = 0; i < THREADS; i++)
		UK_CHECK_EQ(uk_thread_join(threads[i], NULL, UK_WAIT_FOREVER, false), 0);
}

static void meet(void)
{
	__atomic_fetch_sub(&waiting, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&waiting, __ATOMIC_SEQ_CST))
		uk_thread_yield();
}

/* A descriptor belongs to one thread between open and close. */
static void *open_and_close(void *arg)
{
	meet();
	for (unsigned i = 0; i < ROUNDS; i++) {
		int fd = uk_fd_open(UK_AT_FDCWD, "/numbers/x", UK_O_RDONLY, 0), copy;
		uint32_t record = 1;

		UK_REQUIRE(fd >= 0);
		UK_REQUIRE(__atomic_fetch_add(&users[fd], 1, __ATOMIC_RELAXED) == 0);
		UK_REQUIRE(uk_fd_read(fd, &record, 4) == 4 && record == 0);
		copy = uk_fd_dup(fd);
		UK_REQUIRE(copy >= 0);
		UK_REQUIRE(uk_fd_lseek(copy, 0, UK_SEEK_CUR) == 4);
		UK_REQUIRE(__atomic_sub_fetch(&users[fd], 1, __ATOMIC_RELAXED) == 0);
		UK_REQUIRE(uk_fd_close(fd) == 0 && uk_fd_close(copy) == 0);
	}
	return arg;
}

UK_TEST(fd_threads, open_read_close)
{
	memset(users, 0, sizeof(users));
	run(open_and_close);
}

/* Reads of one open file follow each other (POSIX.1-2017 XSH 2.9.7): each record is read once. */
static void *read_shared(void *arg)
{
	uint32_t record;

	meet();
	while (uk_fd_read(shared, &record, 4) == 4) {
		UK_REQUIRE(record < RECORDS);
		__atomic_fetch_add(&seen[record], 1, __ATOMIC_RELAXED);
	}
	return arg;
}

UK_TEST(fd_threads, shared_position)
{
	memset(seen, 0, sizeof(seen));
	shared = uk_fd_open(UK_AT_FDCWD, "/numbers/x", UK_O_RDONLY, 0);
	UK_REQUIRE(shared >= 0);
	run(read_shared);
	for (unsigned i = 0; i < RECORDS; i++)
		UK_REQUIRE(seen[i] == 1);
	UK_CHECK_EQ(uk_fd_close(shared), 0);
}

/* One closes what others read: a read gets the record or EBADF. */
static void *close_under_readers(void *arg)
{
	uint32_t record;

	meet();
	for (unsigned i = 0; i < ROUNDS; i++)
		if (arg) {
			ssize_t n = uk_fd_pread(shared, &record, 4, 40);

			UK_REQUIRE(n == -EBADF || (n == 4 && record == 10));
		} else {
			int fd = uk_fd_open(UK_AT_FDCWD, "/numbers/x", UK_O_RDONLY, 0);

			UK_REQUIRE(fd >= 0 && uk_fd_dup2(fd, shared) == shared && uk_fd_close(fd) == 0);
			if (i % 2)
				UK_REQUIRE(uk_fd_close(shared) == 0);
		}
	return arg;
}

UK_TEST(fd_threads, close_while_others_read)
{
	shared = CONFIG_POSIX_FD_MAX - 1;
	run(close_under_readers);
	UK_CHECK_EQ(uk_fd_close(shared), -EBADF);
}

/* A relative path counts from one directory or the other, never from anything else. */
static void *change_directory(void *arg)
{
	char path[64];
	struct uk_stat st;

	meet();
	for (unsigned i = 0; i < ROUNDS; i++) {
		int err = uk_fd_stat_at(UK_AT_FDCWD, "x", &st, 0);

		UK_REQUIRE(err == 0 || err == -ENOENT);
		UK_REQUIRE(uk_fd_chdir((i + (uintptr_t)arg) & 1 ? "/numbers/a" : "/numbers/b") == 0);
		UK_REQUIRE(uk_fd_getcwd(path, sizeof(path)) == 10);
		UK_REQUIRE(!memcmp(path, "/numbers/", 9) && (path[9] == 'a' || path[9] == 'b'));
	}
	return arg;
}

UK_TEST(fd_threads, working_directory)
{
	UK_REQUIRE(uk_fd_chdir("/numbers/a") == 0);
	run(change_directory);
}

/* A file system that is being used stays mounted. */
static void *mount_and_use(void *arg)
{
	struct uk_stat st;

	meet();
	for (unsigned i = 0; i < ROUNDS; i++) {
		int err;

		if (arg) {
			err = uk_fd_stat_at(UK_AT_FDCWD, "/numbers/b/a/x", &st, 0);
			UK_REQUIRE(err == 0 || err == -ENOENT);
			continue;
		}
		UK_REQUIRE(uk_vfs_mount(&other_mount, "/numbers/b") == 0);
		while ((err = uk_vfs_unmount(&other_mount)) == -EBUSY)
			uk_thread_yield();
		UK_REQUIRE(err == 0);
	}
	return arg;
}

UK_TEST(fd_threads, unmount_while_others_look)
{
	run(mount_and_use);
}

/* Waiting for a file that another thread makes ready. */
struct signal {
	struct uk_file file;
	unsigned ready;
};

static unsigned signal_poll(struct uk_file *f, unsigned events)
{
	return __atomic_load_n(&uk_container_of(f, struct signal, file)->ready, __ATOMIC_ACQUIRE) & events;
}

static const struct uk_file_ops signal_ops = {.poll = signal_poll};
static struct signal signals[2];

static void *answer(void *arg)
{
	for (unsigned i = 0; i < ROUNDS; i++) {
		while (__atomic_load_n(&signals[1].ready, __ATOMIC_ACQUIRE) != UK_POLLIN)
			uk_thread_yield();
		__atomic_store_n(&signals[1].ready, 0, __ATOMIC_RELEASE);
		__atomic_store_n(&signals[0].ready, UK_POLLIN, __ATOMIC_RELEASE);
		uk_file_wake(&signals[0].file);
	}
	return arg;
}

UK_TEST(fd_threads, poll_misses_no_event)
{
	struct uk_pollfd p = {.events = UK_POLLIN};
	struct uk_thread *t = NULL;

	for (unsigned i = 0; i < 2; i++) {
		uk_file_init(&signals[i].file, &signal_ops, UK_O_RDWR, false);
		signals[i].ready = 0;
	}
	p.fd = uk_fd_install(&signals[0].file, 0, 0);
	UK_REQUIRE(p.fd >= 0);
	UK_REQUIRE(uk_thread_create(&t, NULL, answer, NULL) == 0);
	for (unsigned i = 0; i < ROUNDS; i++) {
		__atomic_store_n(&signals[1].ready, UK_POLLIN, __ATOMIC_RELEASE);
		UK_REQUIRE(uk_fd_poll(&p, 1, uk_plat_time_ns() + 20000000000ull) == 1);
		__atomic_store_n(&signals[0].ready, 0, __ATOMIC_RELEASE);
	}
	UK_CHECK_EQ(uk_thread_join(t, NULL, UK_WAIT_FOREVER, false), 0);
	UK_CHECK_EQ(uk_fd_close(p.fd), 0);
}
