/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* A terminal between its reader and the two ends of a byte stream. Input is taken in by whoever reads or polls; its
 * arrival only wakes them.
 *
 * Locking: all of struct uk_tty is read and changed under the lock of its queue, what arrives is read and echoed under
 * it. Writing needs none of it but the output flags, one word, and leaves it to io->write that pieces stay whole.
 * Inside the lock only that of the console's output is taken. */
#include <errno.h>
#include <string.h>

#include <uk/base.h>
#include <uk/plat/console.h>
#include <uk/plat/time.h>
#include <uk/print.h>

#include "line.h"

#define PIECE 4096u               /* bytes for which the console is kept at most: interrupts are masked meanwhile */
#define LOOK_AGAIN_NS 20000000ull /* where nobody says that input has come */

/* Weak: a console that nothing is known of is a bare serial line. */
UK_WEAK unsigned uk_plat_console_flags(void)
{
	return 0;
}

UK_WEAK bool uk_plat_console_notify(void (*arrived)(void) UK_UNUSED)
{
	return false;
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

static bool readable(struct uk_tty *t)
{
	if (!satisfied(t))
		pump(t);
	return satisfied(t);
}

bool uk_tty_readable(struct uk_tty *t)
{
	unsigned long state = uk_lock_acquire_irq(&t->queue.lock);
	bool result = readable(t);

	uk_lock_release_irq(&t->queue.lock, state);
	return result;
}

size_t uk_tty_waiting(struct uk_tty *t)
{
	unsigned long state = uk_lock_acquire_irq(&t->queue.lock);
	size_t n = readable(t) ? t->len : 0;

	uk_lock_release_irq(&t->queue.lock, state);
	return n;
}

void uk_tty_arrived(struct uk_tty *t)
{
	uk_wait_wake(&t->queue);
	if (t->arrived)
		t->arrived(t);
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

/* Wait once; there is no more to wait for unless the result is 0. */
static int wait_for_input(struct uk_tty *t, uint64_t deadline)
{
	int err = uk_wait_expired(deadline);

	if (!err)
		err = uk_wait_interrupted();
	if (!err)
		uk_wait_block(&t->queue, t->polled ? UK_MIN(deadline, uk_plat_time_ns() + LOOK_AGAIN_NS) : deadline);
	return err;
}

static ssize_t read_locked(struct uk_tty *t, void *buf, size_t len, bool nonblock)
{
	uint64_t deadline = UK_WAIT_FOREVER;
	int err = 0;

	if (times_out(t))
		deadline = uk_plat_time_ns() + t->termios.cc[UK_TTY_VTIME] * 100000000ull;
	while (!err && !readable(t))
		err = nonblock ? -EAGAIN : wait_for_input(t, deadline);
	if (err)
		return err == -ETIMEDOUT ? 0 : err;
	if (t->len)
		return (ssize_t)uk_tty_take(t, buf, len);
	return (ssize_t)take_rest(t, buf, len);
}

ssize_t uk_tty_read(struct uk_tty *t, void *buf, size_t len, bool nonblock)
{
	unsigned long state;
	ssize_t done;

	if (!len)
		return 0;
	state = uk_lock_acquire_irq(&t->queue.lock);
	done = read_locked(t, buf, len, nonblock);
	uk_lock_release_irq(&t->queue.lock, state);
	return done;
}

/* Each newline goes out as CR LF, together with what stands before it. */
static ssize_t write_processed(struct uk_tty *t, const char *s, size_t len)
{
	char line[160];
	size_t used = 0;
	ssize_t err = 0;

	for (size_t i = 0; i < len && err >= 0; i++) {
		if (s[i] == '\n')
			line[used++] = '\r';
		line[used++] = s[i];
		if (s[i] != '\n' && used < sizeof(line) - 1 && i + 1 < len)
			continue;
		err = t->io->write(line, used);
		used = 0;
	}
	return err < 0 ? err : (ssize_t)len;
}

ssize_t uk_tty_write(struct uk_tty *t, const void *buf, size_t len)
{
	const uint32_t both = UK_TTY_OPOST | UK_TTY_ONLCR;

	if ((__atomic_load_n(&t->termios.oflag, __ATOMIC_RELAXED) & both) == both)
		return write_processed(t, buf, len);
	return t->io->write(buf, len);
}

void uk_tty_get(struct uk_tty *t, struct uk_termios *settings)
{
	unsigned long state = uk_lock_acquire_irq(&t->queue.lock);

	*settings = t->termios;
	uk_lock_release_irq(&t->queue.lock, state);
}

void uk_tty_set(struct uk_tty *t, const struct uk_termios *settings, bool flush)
{
	unsigned long state = uk_lock_acquire_irq(&t->queue.lock);
	bool was = canonical(t);

	t->termios = *settings;
	if (flush)
		t->edited = t->len = t->records = 0;
	if (was && !canonical(t))
		uk_tty_join_records(t);
	else if (!was && canonical(t))
		uk_tty_end_record(t);
	uk_wait_wake_locked(&t->queue); /* what is there may satisfy a reader now */
	uk_lock_release_irq(&t->queue.lock, state);
}

/* How much goes out at once: all of it, or whole lines if there are any, or PIECE bytes. */
static size_t piece(const char *s, size_t len)
{
	const char *newline;

	if (len <= PIECE)
		return len;
	newline = memrchr(s, '\n', PIECE);
	return newline ? (size_t)(newline - s) + 1 : PIECE;
}

static ssize_t console_write(const void *buf, size_t len)
{
	size_t done = 0, n;
	ssize_t put;

	do {
		n = piece((const char *)buf + done, len - done);
		unsigned long state = uk_print_begin();

		put = uk_plat_console_write((const char *)buf + done, n);
		uk_print_end(state);
		done += n;
	} while (put >= 0 && done < len);
	return put < 0 ? put : (ssize_t)len;
}

static struct uk_tty console;

static void console_arrived(void)
{
	uk_tty_arrived(&console);
}

static void make_console(void)
{
	static const struct uk_tty_io io = {uk_plat_console_read, console_write};
	unsigned flags = uk_plat_console_flags();

	uk_tty_init(&console, &io, flags & (UK_PLAT_CONSOLE_EDITS | UK_PLAT_CONSOLE_NO_TTY_IN));
	console.polled = !uk_plat_console_notify(console_arrived);
}

struct uk_tty *uk_tty_console(void)
{
	static struct uk_lock making = UK_LOCK_INIT;
	static bool made;

	if (!__atomic_load_n(&made, __ATOMIC_ACQUIRE)) {
		unsigned long state = uk_lock_acquire_irq(&making);

		if (!made)
			make_console();
		__atomic_store_n(&made, true, __ATOMIC_RELEASE);
		uk_lock_release_irq(&making, state);
	}
	return &console;
}
