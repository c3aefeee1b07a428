/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <uk/base.h>
#include <uk/boot.h>

#include "file.h"

static void (*functions[32])(void);
static unsigned count;

int atexit(void (*function)(void))
{
	if (count == UK_ARRAY_SIZE(functions))
		return -1;
	functions[count++] = function;
	return 0;
}

_Noreturn void exit(int status)
{
	while (count) /* a function may register another one */
		functions[--count]();
	uk_nolibc_flush(stdout);
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
