/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* C11 7.22 without floating point, random numbers, multibyte characters, and processes. */
#pragma once

#include <stddef.h>

#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1

/* C11 7.22.1: text to integers in base 0 or 2 to 36; out of range gives the limit and ERANGE. Context: any. */
int atoi(const char *s);
long atol(const char *s);
long long atoll(const char *s);
long strtol(const char *restrict s, char **restrict end, int base);
long long strtoll(const char *restrict s, char **restrict end, int base);
unsigned long strtoul(const char *restrict s, char **restrict end, int base);
unsigned long long strtoull(const char *restrict s, char **restrict end, int base);

/* C11 7.22.6.1. Context: any. */
int abs(int x);
long labs(long x);
long long llabs(long long x);

/* C11 7.22.5: binary search; sorting in place (heap sort: no recursion, no memory, n log n). Context: any. */
void *bsearch(const void *key, const void *base, size_t n, size_t size, int (*compare)(const void *, const void *));
void qsort(void *base, size_t n, size_t size, int (*compare)(const void *, const void *));

/* C11 7.22.3 and POSIX: memory, aligned to 16; NULL with errno. posix_memalign returns the error instead. Defined by
 * posix/malloc, which an image needs beside this library (option POSIX_MALLOC). Context: threads, level MEM and later.
 */
void *malloc(size_t size);
void *calloc(size_t n, size_t size);
void *realloc(void *p, size_t size);
void free(void *p);
void *aligned_alloc(size_t align, size_t size);
int posix_memalign(void **result, size_t align, size_t size);

/* C11 7.22.4: atexit keeps 32 functions (non-zero: no place); exit runs them, writes stdout and shuts the system
 * down; _Exit does neither of the first two; abort is a panic. Context: threads. */
int atexit(void (*function)(void));
_Noreturn void exit(int status);
_Noreturn void _Exit(int status);
_Noreturn void abort(void);

/* C11 7.22.4.6: the value of an env. parameter of the command line; NULL if there is none. Context: threads. */
char *getenv(const char *name);
extern char **environ;
