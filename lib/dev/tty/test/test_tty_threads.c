/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* A terminal with several readers, somebody who types, and writers, all threads. */
#include <errno.h>
#include <string.h>

#include <uk/test.h>
#include <uk/thread.h>
#include <uk/tty.h>

#define READERS 3
#define LINES 300
#define LINE_BYTES 8 /* "L000042\n" */

static struct uk_tty tty;
static struct uk_lock lock = UK_LOCK_INIT;
static char typed[64]; /* what the other end has, as a ring */
static size_t typed_at, typed_end;
static bool ended;
static uint8_t seen[LINES];
static unsigned bad, written;

static ssize_t other_end_read(void *buf, size_t len)
{
	unsigned long state = uk_lock_acquire_irq(&lock);
	char *to = buf;
	size_t n = 0;
	bool end = ended;

	while (n < len && typed_at != typed_end)
		to[n++] = typed[typed_at++ % sizeof(typed)];
	uk_lock_release_irq(&lock, state);
	return n ? (ssize_t)n : end ? 0 : -EAGAIN;
}

/* Every write is a whole line. */
static ssize_t other_end_write(const void *buf, size_t len)
{
	const char *text = buf;

	if (len != LINE_BYTES + 1 || text[len - 2] != '\r' || text[len - 1] != '\n')
		__atomic_fetch_add(&bad, 1, __ATOMIC_RELAXED);
	__atomic_fetch_add(&written, 1, __ATOMIC_RELAXED);
	return (ssize_t)len;
}

static const struct uk_tty_io io = {other_end_read, other_end_write};

static bool type_char(char c)
{
	unsigned long state = uk_lock_acquire_irq(&lock);
	bool room = typed_end - typed_at < sizeof(typed);

	if (room)
		typed[typed_end++ % sizeof(typed)] = c;
	uk_lock_release_irq(&lock, state);
	return room;
}

static void make_line(char *line, unsigned n)
{
	memcpy(line, "L000000\n", LINE_BYTES);
	for (char *digit = line + LINE_BYTES - 2; n; n /= 10)
		*digit-- = (char)('0' + n % 10);
}

/* Type all lines, letter by letter, and go away. */
static void *type(void *arg)
{
	char line[LINE_BYTES];

	for (unsigned n = 0; n < LINES; n++) {
		make_line(line, n);
		for (unsigned i = 0; i < LINE_BYTES; i++) {
			while (!type_char(line[i]))
				uk_thread_yield();
			uk_tty_arrived(&tty);
		}
	}
	__atomic_store_n(&ended, true, __ATOMIC_RELEASE);
	uk_tty_arrived(&tty);
	return arg;
}

static void *read_lines(void *arg)
{
	char line[32], expected[LINE_BYTES];
	ssize_t len;

	while ((len = uk_tty_read(&tty, line, sizeof(line), false)) > 0) {
		unsigned n = 0;

		for (unsigned i = 1; i < LINE_BYTES - 1; i++)
			n = n * 10 + (unsigned)(line[i] - '0');
		make_line(expected, n);
		UK_REQUIRE(len == LINE_BYTES && n < LINES && !memcmp(line, expected, LINE_BYTES));
		__atomic_fetch_add(&seen[n], 1, __ATOMIC_RELAXED);
	}
	UK_CHECK_EQ(len, 0);
	return arg;
}

static void *write_lines(void *arg)
{
	for (unsigned i = 0; i < LINES; i++)
		UK_REQUIRE(uk_tty_write(&tty, "L000000\n", LINE_BYTES) == LINE_BYTES);
	return arg;
}

static struct uk_thread *start(void *(*entry)(void *arg))
{
	struct uk_thread *t = NULL;

	UK_REQUIRE(uk_thread_create(&t, NULL, entry, NULL) == 0);
	return t;
}

static void join(struct uk_thread *t)
{
	UK_CHECK_EQ(uk_thread_join(t, NULL, UK_WAIT_FOREVER, false), 0);
}

static void reset(void)
{
	uk_tty_init(&tty, &io, false);
	tty.termios.lflag &= ~(uint32_t)UK_TTY_ECHO;
	typed_at = typed_end = 0;
	ended = false;
	bad = written = 0;
	memset(seen, 0, sizeof(seen));
}

UK_TEST(tty_threads, each_line_reaches_one_reader)
{
	struct uk_thread *threads[READERS];

	reset();
	for (unsigned i = 0; i < READERS; i++)
		threads[i] = start(read_lines);
	type(NULL);
	for (unsigned i = 0; i < READERS; i++)
		join(threads[i]);
	for (unsigned n = 0; n < LINES; n++)
		UK_REQUIRE(seen[n] == 1);
}

UK_TEST(tty_threads, writers_beside_a_reader)
{
	struct uk_thread *reader, *writers[2];

	reset();
	tty.termios.oflag = UK_TTY_OPOST | UK_TTY_ONLCR;
	reader = start(read_lines);
	writers[0] = start(write_lines);
	writers[1] = start(write_lines);
	type(NULL);
	join(writers[0]);
	join(writers[1]);
	join(reader);
	UK_CHECK_EQ(bad, 0);
	UK_CHECK_EQ(written, 2 * LINES);
}

/* A reader that waits for a line is woken by a change to raw mode, in which a byte is enough. */
static void *read_one(void *arg)
{
	char c = 0;

	UK_CHECK_EQ(uk_tty_read(&tty, &c, 1, false), 1);
	UK_CHECK_EQ(c, 'x');
	return arg;
}

UK_TEST(tty_threads, change_of_mode_wakes_the_reader)
{
	struct uk_termios settings;
	struct uk_thread *reader;

	reset();
	reader = start(read_one);
	uk_thread_yield();
	UK_CHECK(type_char('x'));
	uk_tty_arrived(&tty);
	uk_thread_yield();
	uk_tty_get(&tty, &settings);
	settings.lflag &= ~(uint32_t)UK_TTY_ICANON;
	uk_tty_set(&tty, &settings, false);
	join(reader);
}

static void *read_interrupted(void *arg)
{
	char c;

	UK_CHECK_EQ(uk_tty_read(&tty, &c, 1, false), -EINTR);
	UK_CHECK(uk_thread_interrupt_clear());
	return arg;
}

UK_TEST(tty_threads, interrupt_ends_the_wait)
{
	struct uk_thread *reader;

	reset();
	reader = start(read_interrupted);
	uk_thread_yield();
	uk_thread_interrupt(reader);
	join(reader);
}
