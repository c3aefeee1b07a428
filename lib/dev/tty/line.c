/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Input of a terminal: the line being edited, and the ring of what can be read.
 * A record is a line with its newline, or what was there at end of file (nothing: the read returns 0); the
 * ring keeps an empty record as one byte that is marked and not delivered. */
#include <string.h>

#include <uk/base.h>

#include "line.h"

#define SIZE ((size_t)CONFIG_DEV_TTY_LINE)
#define CTRL(c) ((c)&0x1f)
#define END_OF_FILE '\377' /* stands at the end of a record that has no newline; marked, so no data byte is meant */

static bool has(const struct uk_tty *t, uint32_t lflag)
{
	return t->termios.lflag & lflag;
}

static void echo(struct uk_tty *t, const char *s, size_t len)
{
	if (has(t, UK_TTY_ECHO))
		uk_tty_write(t, s, len);
}

/* Whether an echo of c shows as ^X. */
static bool is_control(char c)
{
	return ((unsigned char)c < ' ' && c != '\t' && c != '\n') || c == 0x7f;
}

static void echo_char(struct uk_tty *t, char c)
{
	char text[2] = {'^', (char)(c ^ 0x40)};

	if (is_control(c) && has(t, UK_TTY_ECHOCTL))
		echo(t, text, 2);
	else
		echo(t, &c, 1);
}

bool uk_tty_has_room(const struct uk_tty *t, size_t n)
{
	return SIZE - t->len >= n;
}

static void put(struct uk_tty *t, char c, bool end)
{
	size_t at = (t->head + t->len++) % SIZE;

	t->ring[at] = c;
	t->ends[at / 8] = (uint8_t)((t->ends[at / 8] & ~(1u << at % 8)) | (unsigned)end << at % 8);
	t->records += end;
}

static bool ends_record(const struct uk_tty *t, size_t at)
{
	return t->ends[at / 8] >> at % 8 & 1;
}

static bool is_end_of_file(const struct uk_tty *t, size_t at)
{
	return ends_record(t, at) && t->ring[at] == END_OF_FILE;
}

size_t uk_tty_take(struct uk_tty *t, char *buf, size_t len)
{
	bool end = false;
	size_t n = 0;

	/* an end of file right behind the last byte asked for is part of this read: alone it would be another */
	while (t->len && !end && (n < len || is_end_of_file(t, t->head))) {
		end = ends_record(t, t->head);
		if (!is_end_of_file(t, t->head))
			buf[n++] = t->ring[t->head];
		t->head = (t->head + 1) % SIZE;
		t->len--;
	}
	t->records -= end;
	return n;
}

void uk_tty_end_record(struct uk_tty *t)
{
	size_t last = (t->head + t->len - 1) % SIZE;

	if (!t->len || ends_record(t, last))
		return;
	if (t->ring[last] == END_OF_FILE && uk_tty_has_room(t, 1)) {
		put(t, END_OF_FILE, true);
		return;
	}
	t->ends[last / 8] |= (uint8_t)(1u << last % 8);
	t->records++;
}

void uk_tty_join_records(struct uk_tty *t)
{
	size_t len = t->len;

	t->len = t->records = 0;
	for (size_t i = 0; i < len; i++) {
		size_t at = (t->head + i) % SIZE;

		if (!is_end_of_file(t, at))
			put(t, t->ring[at], false);
	}
	for (size_t i = 0; i < t->edited && uk_tty_has_room(t, 1); i++)
		put(t, t->edit[i], false);
	t->edited = 0;
}

/* Remove the last character, which in UTF-8 may be several bytes, from the line and the screen. */
static void erase_char(struct uk_tty *t)
{
	unsigned char c;

	if (!t->edited)
		return;
	do
		c = (unsigned char)t->edit[--t->edited];
	while ((c & 0xc0) == 0x80 && t->edited);
	if (!has(t, UK_TTY_ECHOE))
		return;
	echo(t, "\b \b", 3);
	if (is_control((char)c) && has(t, UK_TTY_ECHOCTL))
		echo(t, "\b \b", 3);
}

static void erase_word(struct uk_tty *t)
{
	while (t->edited && t->edit[t->edited - 1] == ' ')
		erase_char(t);
	while (t->edited && t->edit[t->edited - 1] != ' ')
		erase_char(t);
}

/* The line is complete: c ends it. */
static void finish_line(struct uk_tty *t, char c)
{
	if (!uk_tty_has_room(t, t->edited + 1)) {
		echo(t, "\a", 1);
		return;
	}
	for (size_t i = 0; i < t->edited; i++)
		put(t, t->edit[i], false);
	put(t, c, true);
	t->edited = 0;
}

static void input_canonical(struct uk_tty *t, char c)
{
	const uint8_t *cc = t->termios.cc;
	uint8_t byte = (uint8_t)c;

	if (byte == cc[UK_TTY_VERASE] || c == '\b') {
		erase_char(t);
	} else if (byte == cc[UK_TTY_VKILL]) {
		while (t->edited)
			erase_char(t);
	} else if (byte == cc[UK_TTY_VWERASE]) {
		erase_word(t);
	} else if (byte == cc[UK_TTY_VEOF]) {
		finish_line(t, END_OF_FILE);
	} else if (c == '\n') {
		echo(t, "\r\n", 2);
		finish_line(t, '\n');
	} else if (t->edited + 1 < SIZE) {
		t->edit[t->edited++] = c;
		echo_char(t, c);
	} else {
		echo(t, "\a", 1);
	}
}

void uk_tty_input(struct uk_tty *t, char c)
{
	uint32_t iflag = t->termios.iflag;

	if (c == '\r' && (iflag & UK_TTY_IGNCR))
		return;
	if (c == '\r' && (iflag & UK_TTY_ICRNL))
		c = '\n';
	else if (c == '\n' && (iflag & UK_TTY_INLCR))
		c = '\r';
	if (has(t, UK_TTY_ICANON)) {
		input_canonical(t, c);
	} else {
		put(t, c, false);
		echo_char(t, c);
	}
}
