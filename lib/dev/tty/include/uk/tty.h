/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* A terminal: a byte stream in each direction with the line discipline of POSIX.1-2017 chapter 11, as far as a
 * system without processes has a use for it (no job control, no signals). Values are Linux'. */
#pragma once

#include <dev/tty/config.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <uk/wait.h>

/* struct termios of the Linux kernel: what TCGETS and TCSETS carry. */
struct uk_termios {
	uint32_t iflag, oflag, cflag, lflag;
	uint8_t line;
	uint8_t cc[19];
};

enum {
	UK_TTY_VERASE = 2,
	UK_TTY_VKILL = 3,
	UK_TTY_VEOF = 4,
	UK_TTY_VTIME = 5,
	UK_TTY_VMIN = 6,
	UK_TTY_VWERASE = 14
};
enum {
	UK_TTY_INLCR = 0100,
	UK_TTY_IGNCR = 0200,
	UK_TTY_ICRNL = 0400
};
enum {
	UK_TTY_OPOST = 1,
	UK_TTY_ONLCR = 4
};
enum {
	UK_TTY_ICANON = 2,
	UK_TTY_ECHO = 010,
	UK_TTY_ECHOE = 020,
	UK_TTY_ECHOK = 040,
	UK_TTY_ECHOCTL = 01000
};

/* Where the bytes come from and go to; as uk_plat_console_read() and uk_plat_console_write(). */
struct uk_tty_io {
	ssize_t (*read)(void *buf, size_t len);
	ssize_t (*write)(const void *buf, size_t len);
};

struct uk_tty {
	const struct uk_tty_io *io;
	struct uk_termios termios;
	struct uk_wait_queue queue;
	bool polled;                       /* nobody calls uk_tty_arrived(): whoever waits looks again after a while */
	void (*arrived)(struct uk_tty *t); /* NULL, or what uk_tty_arrived() is to call; set before there are readers */
	bool eof;                          /* the other end is gone: reads return 0 from now on */
	size_t edited;                     /* characters of the line being typed */
	size_t head, len;                  /* of what can be read: first byte and number of bytes */
	size_t records;                    /* complete lines (or ends of file) in it */
	char edit[CONFIG_DEV_TTY_LINE];
	char ring[CONFIG_DEV_TTY_LINE];
	uint8_t ends[CONFIG_DEV_TTY_LINE / 8]; /* bit: the byte ends a record */
};

/* Prepare a terminal with the usual settings; cooked: echo and editing are done by the other end, so that
 * all is passed through. Context: any. */
void uk_tty_init(struct uk_tty *t, const struct uk_tty_io *io, bool cooked);

/* Read as read(2) of a terminal: in canonical mode at most one line; 0 for end of file; waits unless nonblock, then
 * -EAGAIN; -EINTR if the wait is interrupted. Of several readers each gets whole lines. Context: a thread. */
ssize_t uk_tty_read(struct uk_tty *t, void *buf, size_t len, bool nonblock);

/* Write all of it, with output processing if that is switched on: len or -EIO. Lines (with processing: of up to 158
 * bytes) reach the other end in one piece. Context: any. */
ssize_t uk_tty_write(struct uk_tty *t, const void *buf, size_t len);

/* Whether a read would return at once. Takes in what has arrived. Context: any but interrupt handlers. */
bool uk_tty_readable(struct uk_tty *t);

/* The bytes that could be read at once. Context: as uk_tty_readable(). */
size_t uk_tty_waiting(struct uk_tty *t);

/* Say that io->read may have something: wakes readers. For whoever feeds the terminal. Context: any. */
void uk_tty_arrived(struct uk_tty *t);

/* The settings. Context: any. */
void uk_tty_get(struct uk_tty *t, struct uk_termios *settings);

/* Change the settings; flush: input not yet read is dropped. Context: a thread. */
void uk_tty_set(struct uk_tty *t, const struct uk_termios *settings, bool flush);

/* The platform's console as a terminal; made ready at the first call. Context: a thread, or the init table. */
struct uk_tty *uk_tty_console(void);
