/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Memory and string routines as C11 7.24 and POSIX describe them. This is their only owner in an image, whatever the C
 * library. None keeps state, allocates or waits: all may be called in any context. */
#pragma once

#include <stddef.h>

/* C11 7.24.2: copy n bytes; the areas may overlap for memmove only. Return dst. */
void *memcpy(void *restrict dst, const void *restrict src, size_t n);
void *memmove(void *dst, const void *src, size_t n);

/* C11 7.24.6.1: fill n bytes with (unsigned char)c. Returns dst. */
void *memset(void *dst, int c, size_t n);

/* C11 7.24.4.1: compare n bytes as unsigned char; negative, 0 or positive. */
int memcmp(const void *a, const void *b, size_t n);

/* C11 7.24.5.1 and its counterpart from the end: find (unsigned char)c in n bytes; NULL if it is not there. */
void *memchr(const void *s, int c, size_t n);
void *memrchr(const void *s, int c, size_t n);

/* C11 7.24.6.3 and POSIX: the length of a string, up to max for strnlen, which reads no further. */
size_t strlen(const char *s);
size_t strnlen(const char *s, size_t max);

/* C11 7.24.4.2 and .4: compare strings, at most n characters of them, as unsigned char. */
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);

/* C11 7.24.5.2 and .5, and strchr() that returns the terminator instead of NULL: find (char)c. */
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);
char *strchrnul(const char *s, int c);

/* C11 7.24.5.7: find the string needle in s; NULL if it is not there. Takes up to strlen(s) * strlen(needle) steps. */
char *strstr(const char *s, const char *needle);

/* C11 7.24.5.3, .6 and .4: length of the initial part of only (of none of) these characters; the first of them. */
size_t strspn(const char *s, const char *accept);
size_t strcspn(const char *s, const char *reject);
char *strpbrk(const char *s, const char *accept);

/* C11 7.24.2.3 and .4, 7.24.3, POSIX stpcpy: copy and append; the caller knows that dst is large enough. strncpy pads
 * with NULs and may leave dst unterminated. Return dst, stpcpy the terminator. */
char *strcpy(char *restrict dst, const char *restrict src);
char *stpcpy(char *restrict dst, const char *restrict src);
char *strncpy(char *restrict dst, const char *restrict src, size_t n);
char *strcat(char *restrict dst, const char *restrict src);
char *strncat(char *restrict dst, const char *restrict src, size_t n);

/* POSIX strtok_r: the next token of s (NULL: of *save) between delimiters, which are overwritten; NULL at the end. */
char *strtok_r(char *restrict s, const char *restrict delimiters, char **restrict save);

/* POSIX: a copy that free() gives back; NULL with errno. Defined by the C library, or posix/malloc for nolibc.
 * Context: threads. */
char *strdup(const char *s);
