/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The console behind descriptors 0, 1 and 2: one open file over the terminal of dev/tty.
 *
 * Locking: the terminal's own; the file is made by the init entry and does not change. */
#include <errno.h>
#include <string.h>

#include <uk/base.h>
#include <uk/plat/console.h>
#include <uk/tty.h>

#include "table.h"

enum {
	TCGETS = 0x5401,
	TCSETS,
	TCSETSW,
	TCSETSF,
	TIOCGWINSZ = 0x5413,
	FIONREAD = 0x541b
};

static ssize_t console_read(struct uk_file *f, const struct uk_iovec *iov, size_t n, int64_t pos UK_UNUSED)
{
	ssize_t done = 0, got;

	for (size_t i = 0; i < n; i++) {
		/* only the first piece may wait: what is there is returned at once */
		got = uk_tty_read(uk_tty_console(), iov[i].base, iov[i].len, done || (f->flags & UK_O_NONBLOCK));
		if (got < 0)
			return done ? done : got;
		done += got;
		if ((size_t)got < iov[i].len)
			break;
	}
	return done;
}

static ssize_t console_write(struct uk_file *f UK_UNUSED, const struct uk_iovec *iov, size_t n, int64_t pos UK_UNUSED)
{
	ssize_t done = 0, put;

	for (size_t i = 0; i < n; i++) {
		put = iov[i].len ? uk_tty_write(uk_tty_console(), iov[i].base, iov[i].len) : 0;
		if (put < 0)
			return done ? done : put;
		done += put;
	}
	return done;
}

static int console_stat(struct uk_file *f UK_UNUSED, struct uk_stat *st)
{
	st->mode = UK_S_IFCHR | 0620;
	st->nlink = 1;
	st->ino = 1;
	st->rdev = 5 << 8 | 1; /* /dev/console of Linux */
	st->blksize = 1024;
	return 0;
}

static unsigned console_poll(struct uk_file *f UK_UNUSED, unsigned events)
{
	unsigned ready = UK_POLLOUT;

	if ((events & UK_POLLIN) && uk_tty_readable(uk_tty_console()))
		ready |= UK_POLLIN;
	return ready;
}

static int console_ioctl(struct uk_file *f UK_UNUSED, unsigned long request, uintptr_t arg)
{
	static const uint16_t window[4] = {24, 80};
	struct uk_tty *t = uk_tty_console();
	int waiting;

	if (request != FIONREAD && !uk_fd_console_is_tty(0) && !uk_fd_console_is_tty(1))
		return -ENOTTY;
	switch (request) {
	case TCGETS:
		uk_tty_get(t, (struct uk_termios *)arg);
		return 0;
	case TCSETS:
	case TCSETSW:
	case TCSETSF:
		uk_tty_set(t, (const struct uk_termios *)arg, request == TCSETSF);
		return 0;
	case TIOCGWINSZ:
		memcpy((void *)arg, window, sizeof(window));
		return 0;
	case FIONREAD:
		waiting = (int)uk_tty_waiting(t);
		memcpy((void *)arg, &waiting, sizeof(waiting));
		return 0;
	default:
		return -ENOTTY;
	}
}

static const struct uk_file_ops console_ops = {
    .read = console_read, .write = console_write, .stat = console_stat, .poll = console_poll, .ioctl = console_ioctl};

static struct uk_file console;

static void arrived(struct uk_tty *t UK_UNUSED)
{
	uk_file_wake(&console);
}

void uk_fd_console_init(void)
{
	/* the first reference is never given back: the file is static */
	uk_file_init(&console, &console_ops, UK_O_RDWR, false);
	uk_tty_console()->arrived = arrived;
}

struct uk_file *uk_fd_console(void)
{
	return uk_file_get(&console);
}

bool uk_fd_console_is_tty(int fd)
{
	unsigned flags = uk_plat_console_flags();

	return !(flags & (fd == 0 ? UK_PLAT_CONSOLE_NO_TTY_IN : UK_PLAT_CONSOLE_NO_TTY_OUT));
}
