/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* A terminal between its reader and the two ends of a byte stream. Input is taken in by whoever reads or polls:
 * the console has no interrupt of its own in the contract, but its arrival ends uk_plat_idle(). */
#include <errno.h>
#include <string.h>

#include <uk/base.h>
#include <uk/plat/console.h>
#include <uk/plat/time.h>

#include "line.h"

/* Weak: a console that nothing is known of is a bare serial line. */
UK_WEAK unsigned uk_plat_console_flags(void)
{
	return 0;
}

void uk_tty_init(struct uk_tty *t, const struct uk_tty_io *io, bool cooked)
{
	memset(t, 0, sizeof(*t));
	t->io = io;
	uk_wait_init(&t->queue);
	t->termios.cflag = 060 | 0200; /* CS8, CREAD */
	t->termios.cc[UK_TTY_VERASE] = 0x7f;
	t->termios.cc[UK_TTY_VKILL] = 0x15;
	t->termios.cc[UK_TTY_VWERASE] = 0x17;
	t->termios.cc[UK_TTY_VEOF] = 4;
	t->termios.cc[UK_TTY_VMIN] = 1;
	if (cooked)
		return;
	t->termios.iflag = UK_TTY_ICRNL;
	t->termios.lflag = UK_TTY_ICANON | UK_TTY_ECHO | UK_TTY_ECHOE | UK_TTY_ECHOK | UK_TTY_ECHOCTL;
}

static bool canonical(const struct uk_tty *t)
{
	return t->termios.lflag & UK_TTY_ICANON;
}

/* What a reader waits for. */
static bool satisfied(const struct uk_tty *t)
{
	return t->eof || (canonical(t) ? t->records > 0 : t->len > 0);
}

/* How many bytes can be taken in at once, at most max. A line being edited takes one after the other, since each may
 * complete it: there is room for it then, or what was completed before has to be read first. Raw bytes leave room for
 * the mark that makes them a record. */
static size_t acceptable(const struct uk_tty *t, size_t max)
{
	if (canonical(t))
		return uk_tty_has_room(t, t->edited + 1);
	while (max && !uk_tty_has_room(t, max + 1))
		max /= 2;
	return max;
}

/* Take in what has arrived, as far as there is room. */
static void pump(struct uk_tty *t)
{
	char buf[32];
	size_t want;
	ssize_t n;

	do {
		want = t->eof ? 0 : acceptable(t, sizeof(buf));
		n = want ? t->io->read(buf, want) : -EAGAIN;
		for (ssize_t i = 0; i < n; i++)
			uk_tty_input(t, buf[i]);
		t->eof |= n == 0 || (n < 0 && n != -EAGAIN);
	} while (n > 0 && (size_t)n == want);
}

bool uk_tty_readable(struct uk_tty *t)
{
	if (!satisfied(t))
		pump(t);
	return satisfied(t);
}

/* What is left of an unfinished line when the other end goes away can still be read. */
static size_t take_rest(struct uk_tty *t, char *buf, size_t len)
{
	size_t n = UK_MIN(len, t->edited);

	memcpy(buf, t->edit, n);
	memmove(t->edit, t->edit + n, t->edited - n);
	t->edited -= n;
	return n;
}

static bool times_out(const struct uk_tty *t)
{
	return !canonical(t) && !t->termios.cc[UK_TTY_VMIN];
}

ssize_t uk_tty_read(struct uk_tty *t, void *buf, size_t len, bool nonblock)
{
	uint64_t deadline = UK_WAIT_FOREVER;

	if (!len)
		return 0;
	if (times_out(t))
		deadline = uk_plat_time_ns() + t->termios.cc[UK_TTY_VTIME] * 100000000ull;
	if (!uk_tty_readable(t)) {
		if (nonblock)
			return -EAGAIN;
		if (uk_wait(&t->queue, uk_tty_readable(t), deadline))
			return 0;
	}
	if (t->len)
		return (ssize_t)uk_tty_take(t, buf, len);
	return (ssize_t)take_rest(t, buf, len);
}

/* Pieces up to a newline go out as they are, the newline as CR LF. */
static ssize_t write_processed(struct uk_tty *t, const char *s, size_t len)
{
	const char *end = s + len, *newline;
	ssize_t err = 0;

	while (s < end && err >= 0) {
		newline = memchr(s, '\n', (size_t)(end - s));
		err = t->io->write(s, (size_t)((newline ? newline : end) - s));
		if (newline && err >= 0)
			err = t->io->write("\r\n", 2);
		s = newline ? newline + 1 : end;
	}
	return err < 0 ? err : (ssize_t)len;
}

ssize_t uk_tty_write(struct uk_tty *t, const void *buf, size_t len)
{
	const uint32_t both = UK_TTY_OPOST | UK_TTY_ONLCR;

	if ((t->termios.oflag & both) == both)
		return write_processed(t, buf, len);
	return t->io->write(buf, len);
}

void uk_tty_set(struct uk_tty *t, const struct uk_termios *settings, bool flush)
{
	bool was = canonical(t);

	t->termios = *settings;
	if (flush)
		t->edited = t->len = t->records = 0;
	if (was && !canonical(t))
		uk_tty_join_records(t);
	else if (!was && canonical(t))
		uk_tty_end_record(t);
}

struct uk_tty *uk_tty_console(void)
{
	static const struct uk_tty_io io = {uk_plat_console_read, uk_plat_console_write};
	static struct uk_tty console;

	if (!console.io)
		uk_tty_init(&console, &io,
			    uk_plat_console_flags() & (UK_PLAT_CONSOLE_EDITS | UK_PLAT_CONSOLE_NO_TTY_IN));
	return &console;
}
