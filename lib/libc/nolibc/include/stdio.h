/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* C11 7.21 as far as a console goes: three streams, no files. Output to stdout is written at each newline and when
 * 256 bytes have gathered, that to stderr after each call. Conversions are those of <uk/print.h>: no floating point. */
#pragma once

#include <stdarg.h>
#include <stddef.h>

#define EOF (-1)
#define BUFSIZ 256

typedef struct uk_nolibc_file FILE; /* the C standard's name */

/* C11 7.21.1: the streams. */
extern FILE uk_nolibc_stdin, uk_nolibc_stdout, uk_nolibc_stderr;
#define stdin (&uk_nolibc_stdin)
#define stdout (&uk_nolibc_stdout)
#define stderr (&uk_nolibc_stderr)

/* C11 7.21.6: formatted output; the number of characters, or negative with errno set. The sn forms return the length
 * that the whole text has. Context: threads. */
int printf(const char *restrict format, ...) __attribute__((format(printf, 1, 2)));
int fprintf(FILE *restrict file, const char *restrict format, ...) __attribute__((format(printf, 2, 3)));
int vprintf(const char *restrict format, va_list ap) __attribute__((format(printf, 1, 0)));
int vfprintf(FILE *restrict file, const char *restrict format, va_list ap) __attribute__((format(printf, 2, 0)));
int snprintf(char *restrict s, size_t n, const char *restrict format, ...) __attribute__((format(printf, 3, 4)));
int vsnprintf(char *restrict s, size_t n, const char *restrict format, va_list ap)
    __attribute__((format(printf, 3, 0)));

/* C11 7.21.7: characters and strings; EOF on an error with errno set. Context: threads. */
int fputc(int c, FILE *file);
int putc(int c, FILE *file);
int putchar(int c);
int fputs(const char *restrict s, FILE *restrict file);
int puts(const char *s);

/* C11 7.21.8.2: write count elements of size bytes; returns the elements written. Context: threads. */
size_t fwrite(const void *restrict data, size_t size, size_t count, FILE *restrict file);

/* C11 7.21.7: wait for input, after writing what stdout still holds; EOF (NULL) at its end or on an error. fgets
 * reads up to n - 1 characters including the newline. Context: threads. */
int fgetc(FILE *file);
int getc(FILE *file);
int getchar(void);
char *fgets(char *restrict s, int n, FILE *restrict file);

/* C11 7.21.5.2: write what is buffered, of both output streams for NULL. 0 or EOF. Context: threads. */
int fflush(FILE *file);

/* C11 7.21.10: the stream's state, and a line on stderr with the number of errno. Context: threads. */
int feof(FILE *file);
int ferror(FILE *file);
void clearerr(FILE *file);
void perror(const char *s);
