/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What a stream is. */
#pragma once

#include <libc/nolibc/config.h>

#include <stdbool.h>
#include <stdio.h>

#include <uk/base.h>
#include <uk/wait.h>

struct uk_nolibc_file {
	char *buf; /* BUFSIZ bytes */
	int fd;
	bool at_newline; /* output: written at newlines; otherwise after each call */
	bool write;      /* output: a newline has been put */
	bool error, eof;
	size_t used;        /* bytes in buf */
	size_t taken;       /* input: bytes of buf already given out */
#if CONFIG_LIBC_NOLIBC_LOCK /* the structure is private, and an image without threads has no byte for it */
	bool locked;
	struct uk_wait_queue queue;
#endif
};

/* For the initialiser of a stream that has a lock. */
#if CONFIG_LIBC_NOLIBC_LOCK
#define UK_NOLIBC_UNLOCKED(file) .queue = UK_WAIT_QUEUE_INIT((file).queue)
#else
#define UK_NOLIBC_UNLOCKED(file) .used = 0
#endif

/* What the functions below call where there are locks. Context: threads. */
void uk_nolibc_take(FILE *file);
void uk_nolibc_give(FILE *file);

/* Have the stream for oneself, waiting for it if need be. Not to be nested, but stdin's may be held when stdout's is
 * taken (C11 7.21.2 p7). Context: threads. */
static inline void uk_nolibc_lock(FILE *file)
{
	if (UK_ENABLED(LIBC_NOLIBC_LOCK))
		uk_nolibc_take(file);
}

/* Give it back. Context: its holder. */
static inline void uk_nolibc_unlock(FILE *file)
{
	if (UK_ENABLED(LIBC_NOLIBC_LOCK))
		uk_nolibc_give(file);
}

/* Write what the buffer of an output stream holds. 0 or EOF. Context: threads that hold its lock. */
int uk_nolibc_flush(FILE *file);
