/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The input side of the line discipline. */
#pragma once

#include <uk/tty.h>

/* Take one byte from the other end: edits the line, echoes, completes lines. Context: any. */
void uk_tty_input(struct uk_tty *t, char c);

/* Whether n more bytes have room among what can be read. Context: any. */
bool uk_tty_has_room(const struct uk_tty *t, size_t n);

/* Take up to len bytes of what can be read; in canonical mode up to the end of the record. Context: any. */
size_t uk_tty_take(struct uk_tty *t, char *buf, size_t len);

/* Let what can be read in raw mode be a record, for canonical mode. Context: any. */
void uk_tty_end_record(struct uk_tty *t);

/* Let the records, without their ends of file, and the line being edited be one stream of bytes, for raw mode.
 * Context: any. */
void uk_tty_join_records(struct uk_tty *t);
