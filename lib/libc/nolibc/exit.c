/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Locking: what atexit() keeps is taken and given back under `lock`; the functions run without it. core/boot sees to it
 * that one thread shuts down. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <uk/base.h>
#include <uk/boot.h>
#include <uk/lock.h>

#include "file.h"

static void (*functions[32])(void);
static unsigned count;
static struct uk_lock lock = UK_LOCK_INIT;

static unsigned long enter(void)
{
	return UK_ENABLED(LIBC_NOLIBC_LOCK) ? uk_lock_acquire_irq(&lock) : 0;
}

static void leave(unsigned long state)
{
	if (UK_ENABLED(LIBC_NOLIBC_LOCK))
		uk_lock_release_irq(&lock, state);
}

int atexit(void (*function)(void))
{
	unsigned long state = enter();
	bool room = count < UK_ARRAY_SIZE(functions);

	if (room)
		functions[count++] = function;
	leave(state);
	return room ? 0 : -1;
}

/* Take out the last one; NULL if there is none. */
static void (*take_last(void))(void)
{
	unsigned long state = enter();
	void (*last)(void) = count ? functions[--count] : NULL;

	leave(state);
	return last;
}

_Noreturn void exit(int status)
{
	void (*function)(void);

	while ((function = take_last())) /* which may register another one */
		function();
	uk_nolibc_lock(stdout);
	uk_nolibc_flush(stdout);
	uk_nolibc_unlock(stdout);
	uk_boot_exit(status);
}

_Noreturn void _Exit(int status)
{
	uk_boot_exit(status);
}

_Noreturn void _exit(int status)
{
	uk_boot_exit(status);
}
