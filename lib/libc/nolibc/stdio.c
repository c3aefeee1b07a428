/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Output streams.
 *
 * Locking: each call of the interface holds the stream's lock, where there are threads, so what it writes stays
 * together. feof(), ferror() and clearerr() look at or change one byte and take none. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <uk/print.h>

#include "file.h"

static char stdout_buf[BUFSIZ], stderr_buf[BUFSIZ];
FILE uk_nolibc_stdout = {
    .buf = stdout_buf, .fd = STDOUT_FILENO, .at_newline = true, UK_NOLIBC_UNLOCKED(uk_nolibc_stdout)};
FILE uk_nolibc_stderr = {.buf = stderr_buf, .fd = STDERR_FILENO, UK_NOLIBC_UNLOCKED(uk_nolibc_stderr)};

int uk_nolibc_flush(FILE *file)
{
	size_t used = file->used;

	file->used = 0;
	if (used && write(file->fd, file->buf, used) < 0)
		file->error = true;
	return file->error ? EOF : 0;
}

int fflush(FILE *file)
{
	int result;

	if (!file || file->fd == STDIN_FILENO)
		file = stdout; /* stderr never holds anything back */
	uk_nolibc_lock(file);
	result = uk_nolibc_flush(file);
	uk_nolibc_unlock(file);
	return result;
}

/* What the calls of the interface consist of: uk_nolibc_lock(), put() any number of times, then finish(). */
static void put(FILE *file, const char *data, size_t len)
{
	while (len--) {
		file->write |= *data == '\n';
		file->buf[file->used++] = *data++;
		if (file->used == BUFSIZ)
			uk_nolibc_flush(file);
	}
}

static int finish(FILE *file, int result)
{
	if (file->write || !file->at_newline)
		uk_nolibc_flush(file);
	file->write = false;
	if (file->error)
		result = EOF;
	uk_nolibc_unlock(file);
	return result;
}

/* The formatter's way into a stream. */
struct file_sink {
	struct uk_print_sink sink;
	FILE *file;
};

static void sink_put(struct uk_print_sink *sink, const char *data, size_t len)
{
	put(uk_container_of(sink, struct file_sink, sink)->file, data, len);
}

int vfprintf(FILE *restrict file, const char *restrict format, va_list ap)
{
	struct file_sink to = {{sink_put}, file};
	int len;

	uk_nolibc_lock(file);
	len = uk_print_format(&to.sink, format, ap);
	if (len < 0)
		errno = -len;
	return finish(file, len < 0 ? EOF : len);
}

int fprintf(FILE *restrict file, const char *restrict format, ...)
{
	va_list ap;
	int len;

	va_start(ap, format);
	len = vfprintf(file, format, ap);
	va_end(ap);
	return len;
}

int vprintf(const char *restrict format, va_list ap)
{
	return vfprintf(stdout, format, ap);
}

int printf(const char *restrict format, ...)
{
	va_list ap;
	int len;

	va_start(ap, format);
	len = vfprintf(stdout, format, ap);
	va_end(ap);
	return len;
}

int fputc(int c, FILE *file)
{
	char byte = (char)c;

	uk_nolibc_lock(file);
	put(file, &byte, 1);
	return finish(file, (unsigned char)c);
}

int putc(int c, FILE *file)
{
	return fputc(c, file);
}

int putchar(int c)
{
	return fputc(c, stdout);
}

int fputs(const char *restrict s, FILE *restrict file)
{
	uk_nolibc_lock(file);
	put(file, s, strlen(s));
	return finish(file, 0);
}

int puts(const char *s)
{
	uk_nolibc_lock(stdout);
	put(stdout, s, strlen(s));
	put(stdout, "\n", 1);
	return finish(stdout, 0);
}

size_t fwrite(const void *restrict data, size_t size, size_t count, FILE *restrict file)
{
	size_t bytes;

	if (__builtin_mul_overflow(size, count, &bytes)) {
		errno = EOVERFLOW;
		return 0;
	}
	uk_nolibc_lock(file);
	put(file, data, bytes);
	return finish(file, 0) || !size ? 0 : count;
}

int feof(FILE *file)
{
	return file->eof;
}

int ferror(FILE *file)
{
	return file->error;
}

void clearerr(FILE *file)
{
	file->error = file->eof = false;
}

void perror(const char *s)
{
	fprintf(stderr, "%s%serror %d\n", s ? s : "", s && *s ? ": " : "", errno);
}
