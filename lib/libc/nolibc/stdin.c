/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Input. Locking: as in stdio.c; the lock is held while a call waits for input, so lines are read whole. */
#include <stdio.h>
#include <unistd.h>

#include "file.h"

static char stdin_buf[BUFSIZ];
FILE uk_nolibc_stdin = {.buf = stdin_buf, .fd = STDIN_FILENO, UK_NOLIBC_UNLOCKED(uk_nolibc_stdin)};

static int get(FILE *file)
{
	if (file->taken == file->used) {
		ssize_t n;

		fflush(stdout);
		n = read(file->fd, file->buf, BUFSIZ);
		file->taken = file->used = 0;
		file->error |= n < 0;
		file->eof |= n == 0;
		if (n <= 0)
			return EOF;
		file->used = (size_t)n;
	}
	return (unsigned char)file->buf[file->taken++];
}

int fgetc(FILE *file)
{
	int c;

	uk_nolibc_lock(file);
	c = get(file);
	uk_nolibc_unlock(file);
	return c;
}

int getc(FILE *file)
{
	return fgetc(file);
}

int getchar(void)
{
	return fgetc(stdin);
}

char *fgets(char *restrict s, int n, FILE *restrict file)
{
	int len = 0, c = 0;

	uk_nolibc_lock(file);
	while (len < n - 1 && c != '\n' && (c = get(file)) != EOF)
		s[len++] = (char)c;
	uk_nolibc_unlock(file);
	if (n > 0)
		s[len] = 0;
	return len ? s : NULL;
}
