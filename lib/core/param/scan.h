/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Reading the command line character by character, quotes resolved. */
#pragma once

/* Where the reader is. */
struct scan {
	const char *at;
	char quote; /* the one that is open, or 0 */
};

enum {
	SCAN_END = -1,  /* the word ended */
	SCAN_OPEN = -2, /* the line ended within quotes or after a backslash */
};

/* Go to the first character of the next word. Returns whether there is one. */
int uk_param_scan_word(struct scan *s);

/* The next character of the word, SCAN_END or SCAN_OPEN. */
int uk_param_scan_char(struct scan *s);
