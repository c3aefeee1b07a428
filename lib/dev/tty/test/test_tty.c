/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <errno.h>
#include <string.h>

#include <uk/test.h>
#include <uk/tty.h>

static const char *input;
static bool ends; /* after the input, its end instead of silence */
static char output[256];
static size_t written;
static struct uk_tty tty;

static ssize_t fake_read(void *buf, size_t len)
{
	size_t n = UK_MIN(len, strlen(input));

	memcpy(buf, input, n);
	input += n;
	return n ? (ssize_t)n : ends ? 0 : -EAGAIN;
}

static ssize_t fake_write(const void *buf, size_t len)
{
	size_t n = UK_MIN(len, sizeof(output) - 1 - written);

	memcpy(output + written, buf, n);
	written += n;
	output[written] = '\0';
	return (ssize_t)len;
}

static const struct uk_tty_io io = {fake_read, fake_write};

static void start(const char *text, bool cooked)
{
	uk_tty_init(&tty, &io, cooked);
	input = text;
	ends = false;
	written = 0;
	output[0] = '\0';
}

static const char *line(void)
{
	static char buf[64];
	ssize_t n = uk_tty_read(&tty, buf, sizeof(buf) - 1, true);

	if (n < 0)
		return n == -EAGAIN ? "again" : "error";
	buf[n] = '\0';
	return buf;
}

struct typing {
	const char *keys, *line, *screen;
};

static const struct typing typings[] = {
    {"abc\r", "abc\n", "abc\r\n"},
    {"ab\177c\r", "ac\n", "ab\b \bc\r\n"},
    {"ab\bc\r", "ac\n", "ab\b \bc\r\n"},
    {"\177\177x\r", "x\n", "x\r\n"},
    {"ab\025c\r", "c\n", "ab\b \b\b \bc\r\n"},
    {"one two\027x\r", "one x\n", "one two\b \b\b \b\b \bx\r\n"},
    {"\003\177k\r", "k\n", "^C\b \b\b \bk\r\n"},
    {"\303\244\177o\r", "o\n", "\303\244\b \bo\r\n"},
    {"open\004", "open", "open"},
    {"\004", "", ""},
    {"half", "again", "half"},
};

UK_TEST_EACH(tty, edits, struct typing, typings)
{
	start(it->keys, false);
	UK_CHECK_STR(line(), it->line);
	UK_CHECK_STR(output, it->screen);
}

UK_TEST(tty, one_line_a_read)
{
	start("a\nbc\nd", false);
	UK_CHECK_STR(line(), "a\n");
	UK_CHECK_STR(line(), "bc\n");
	UK_CHECK_STR(line(), "again");
	input = "\r";
	UK_CHECK_STR(line(), "d\n");
}

UK_TEST(tty, short_reads_continue_the_line)
{
	char buf[2];

	start("abc\n", false);
	UK_CHECK_EQ(uk_tty_read(&tty, buf, 2, true), 2);
	UK_CHECK_EQ(uk_tty_read(&tty, buf, 2, true), 2);
	UK_CHECK(!memcmp(buf, "c\n", 2));
	UK_CHECK_EQ(uk_tty_read(&tty, buf, 0, true), 0);
}

UK_TEST(tty, end_of_input)
{
	start("last", false);
	ends = true;
	UK_CHECK_STR(line(), "last");
	UK_CHECK_STR(line(), "");
	UK_CHECK_STR(line(), "");
}

UK_TEST(tty, cooked_passes_through)
{
	start("a\177\004\r", true);
	UK_CHECK_STR(line(), "a\177\004\r");
	UK_CHECK_STR(output, "");
	UK_CHECK_STR(line(), "again");
}

UK_TEST(tty, no_line_is_longer_than_the_buffer)
{
	static char keys[CONFIG_DEV_TTY_LINE * 2 + 2];
	static char buf[CONFIG_DEV_TTY_LINE * 2];
	ssize_t n;

	memset(keys, 'x', sizeof(keys) - 2);
	keys[sizeof(keys) - 2] = '\r';
	start(keys, false);
	while ((n = uk_tty_read(&tty, buf, sizeof(buf), true)) == -EAGAIN && *input)
		;
	UK_CHECK_EQ(n, CONFIG_DEV_TTY_LINE);
	UK_CHECK_EQ(buf[n - 1], '\n');
}

UK_TEST(tty, raw_mode)
{
	struct uk_termios raw;

	start("ab", false);
	UK_CHECK_STR(line(), "again");
	raw = tty.termios;
	raw.lflag = raw.iflag = 0;
	uk_tty_set(&tty, &raw, false);
	input = "\r\004";
	UK_CHECK_STR(line(), "ab");
	UK_CHECK_STR(line(), "\r\004");
	tty.termios.cc[UK_TTY_VMIN] = 0;
	UK_CHECK_EQ(uk_tty_read(&tty, &raw, 1, false), 0);
}

static void set_lflag(uint32_t lflag)
{
	struct uk_termios settings = tty.termios;

	settings.lflag = lflag;
	uk_tty_set(&tty, &settings, false);
}

UK_TEST(tty, raw_bytes_become_a_record)
{
	char byte;

	start("xab\377", false);
	set_lflag(0);
	UK_CHECK_EQ(uk_tty_read(&tty, &byte, 1, true), 1);
	set_lflag(UK_TTY_ICANON);
	input = "cd\n";
	UK_CHECK_STR(line(), "ab\377");
	UK_CHECK_STR(line(), "cd\n");
	UK_CHECK_STR(line(), "again");
}

UK_TEST(tty, records_become_raw_bytes)
{
	start("\004", false);
	UK_CHECK(uk_tty_readable(&tty));
	set_lflag(0);
	UK_CHECK_STR(line(), "again");
	start("a\nb\004c", false);
	UK_CHECK(uk_tty_readable(&tty));
	set_lflag(0);
	UK_CHECK_STR(line(), "a\nbc");
	UK_CHECK_STR(line(), "again");
}

UK_TEST(tty, a_change_of_mode_echoes_nothing)
{
	start("ab", false);
	UK_CHECK(!uk_tty_readable(&tty));
	set_lflag(UK_TTY_ECHO);
	UK_CHECK_STR(line(), "ab");
	UK_CHECK_STR(output, "ab");
}

UK_TEST(tty, end_of_file_behind_an_exact_read)
{
	char buf[3];

	start("abc\004de\n\004", false);
	UK_CHECK_EQ(uk_tty_read(&tty, buf, 3, true), 3);
	UK_CHECK_STR(line(), "de\n");
	UK_CHECK_STR(line(), "");
	UK_CHECK_STR(line(), "again");
}

UK_TEST(tty, output_processing)
{
	start("", false);
	tty.termios.oflag = UK_TTY_OPOST | UK_TTY_ONLCR;
	UK_CHECK_EQ(uk_tty_write(&tty, "a\n\nb", 4), 4);
	UK_CHECK_STR(output, "a\r\n\r\nb");
}
