/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The table of descriptors.
 *
 * Locking: entries change under `lock` only, held with interrupts masked; a reference taken under it keeps the file
 * alive after it. Nothing waits, and no provider is called, with the lock held. */
#include <posix/fd/config.h>

#include <errno.h>

#include <uk/base.h>

#include "table.h"

#define MAX CONFIG_POSIX_FD_MAX

struct slot {
	struct uk_file *file; /* NULL: free */
	unsigned flags;
};

static struct slot slots[MAX];
static int lowest_free; /* no slot below it is free */
static struct uk_lock lock = UK_LOCK_INIT;

static bool in_range(int fd)
{
	return fd >= 0 && fd < MAX;
}

int uk_fd_install(struct uk_file *f, int lowest, unsigned flags)
{
	unsigned long state;
	int fd = -EINVAL;

	if (in_range(lowest)) {
		state = uk_lock_acquire_irq(&lock);
		for (fd = UK_MAX(lowest, lowest_free); fd < MAX && slots[fd].file; fd++)
			;
		if (fd < MAX) {
			if (lowest <= lowest_free)
				lowest_free = fd + 1;
			slots[fd] = (struct slot){f, flags & UK_FD_CLOEXEC};
		}
		uk_lock_release_irq(&lock, state);
		if (fd < MAX)
			return fd;
		fd = -EMFILE;
	}
	uk_file_put(f);
	return fd;
}

struct uk_file *uk_fd_get(int fd)
{
	struct uk_file *f = NULL;
	unsigned long state;

	if (!in_range(fd))
		return NULL;
	state = uk_lock_acquire_irq(&lock);
	if (slots[fd].file)
		f = uk_file_get(slots[fd].file);
	uk_lock_release_irq(&lock, state);
	return f;
}

/* Put f (NULL: nothing) into a slot; returns what was there. */
static struct uk_file *exchange(int fd, struct uk_file *f, unsigned flags)
{
	struct uk_file *old;
	unsigned long state;

	state = uk_lock_acquire_irq(&lock);
	old = slots[fd].file;
	slots[fd] = (struct slot){f, flags};
	if (!f && fd < lowest_free)
		lowest_free = fd;
	uk_lock_release_irq(&lock, state);
	return old;
}

int uk_fd_close(int fd)
{
	struct uk_file *old = in_range(fd) ? exchange(fd, NULL, 0) : NULL;

	if (!old)
		return -EBADF;
	uk_file_put(old);
	return 0;
}

static int dup_from(int fd, unsigned lowest, unsigned flags)
{
	struct uk_file *f = uk_fd_get(fd);

	if (!f)
		return -EBADF;
	return uk_fd_install(f, lowest < MAX ? (int)lowest : -1, flags);
}

int uk_fd_dup(int fd)
{
	return dup_from(fd, 0, 0);
}

int uk_fd_dup3(int fd, int to, unsigned flags)
{
	struct uk_file *f, *old;

	if (fd == to || (flags & ~(unsigned)UK_O_CLOEXEC))
		return -EINVAL;
	if (!in_range(to))
		return -EBADF;
	f = uk_fd_get(fd);
	if (!f)
		return -EBADF;
	old = exchange(to, f, flags ? UK_FD_CLOEXEC : 0);
	if (old)
		uk_file_put(old);
	return to;
}

int uk_fd_dup2(int fd, int to)
{
	struct uk_file *f;

	if (fd != to)
		return uk_fd_dup3(fd, to, 0);
	f = uk_fd_get(fd);
	if (!f)
		return -EBADF;
	uk_file_put(f);
	return to;
}

/* The commands about the descriptor itself. */
static int descriptor_flags(int fd, int command, uintptr_t arg)
{
	unsigned long state = uk_lock_acquire_irq(&lock);
	int result = in_range(fd) && slots[fd].file ? 0 : -EBADF;

	if (!result && command == UK_F_SETFD)
		slots[fd].flags = arg & UK_FD_CLOEXEC;
	else if (!result)
		result = (int)slots[fd].flags;
	uk_lock_release_irq(&lock, state);
	return result;
}

/* Readers look at the flags at any time, so they change in one step. */
static void set_flags(struct uk_file *f, uint32_t changing, uint32_t to)
{
	uint32_t old = __atomic_load_n(&f->flags, __ATOMIC_RELAXED);

	while (!__atomic_compare_exchange_n(&f->flags, &old, (old & ~changing) | (to & changing), true,
					    __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		;
}

/* The commands about the open file. */
static int file_command(struct uk_file *f, int command, uintptr_t arg)
{
	const uint32_t may_change = UK_O_APPEND | UK_O_NONBLOCK | UK_O_DIRECT;

	switch (command) {
	case UK_F_GETFL:
		return (int)f->flags;
	case UK_F_SETFL:
		set_flags(f, may_change, (uint32_t)arg);
		return 0;
	case UK_F_GETLK:
		*(int16_t *)arg = 2; /* struct flock begins with the type: F_UNLCK */
		return 0;
	case UK_F_SETLK:
	case UK_F_SETLKW:
		return 0; /* one process: its locks never conflict */
	default:
		return -EINVAL;
	}
}

int uk_fd_fcntl(int fd, int command, uintptr_t arg)
{
	struct uk_file *f;
	int result;

	if (command == UK_F_DUPFD || command == UK_F_DUPFD_CLOEXEC)
		return dup_from(fd, (unsigned)arg, command == UK_F_DUPFD ? 0 : UK_FD_CLOEXEC);
	if (command == UK_F_GETFD || command == UK_F_SETFD)
		return descriptor_flags(fd, command, arg);
	f = uk_fd_get(fd);
	if (!f)
		return -EBADF;
	result = file_command(f, command, arg);
	uk_file_put(f);
	return result;
}

int uk_fd_init(void)
{
	uk_fd_console_init();
	for (int fd = 0; fd < 3; fd++)
		if (!slots[fd].file)
			uk_fd_install(uk_fd_console(), fd, 0);
	return 0;
}
