/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What a stream is. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

struct uk_nolibc_file {
	char *buf; /* BUFSIZ bytes */
	int fd;
	bool at_newline; /* output: written at newlines; otherwise after each call */
	bool write;      /* output: a newline has been put */
	bool error, eof;
	size_t used;  /* bytes in buf */
	size_t taken; /* input: bytes of buf already given out */
};

/* Write what the buffer of an output stream holds. 0 or EOF. Context: threads. */
int uk_nolibc_flush(FILE *file);
