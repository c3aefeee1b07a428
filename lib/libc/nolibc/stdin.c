/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <stdio.h>
#include <unistd.h>

#include "file.h"

static char stdin_buf[BUFSIZ];
FILE uk_nolibc_stdin = {.buf = stdin_buf, .fd = STDIN_FILENO};

int fgetc(FILE *file)
{
	if (file->taken == file->used) {
		ssize_t n;

		uk_nolibc_flush(stdout);
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

	while (len < n - 1 && c != '\n' && (c = fgetc(file)) != EOF)
		s[len++] = (char)c;
	if (n > 0)
		s[len] = 0;
	return len ? s : NULL;
}
