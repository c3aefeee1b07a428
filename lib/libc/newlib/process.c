/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What takes a second process: it is refused, so that a program can tell its user. */
#include <reent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <uk/base.h>

#include "result.h"

/* As C11 7.22.4.8: without a command, whether there is a command processor. */
int system(const char *command)
{
	return command ? (int)uk_newlib_result(-ENOSYS) : 0;
}

FILE *popen(const char *command UK_UNUSED, const char *mode UK_UNUSED)
{
	uk_newlib_result(-ENOSYS);
	return NULL;
}

int pclose(FILE *stream UK_UNUSED)
{
	return (int)uk_newlib_result(-ECHILD);
}

pid_t fork(void)
{
	return (pid_t)uk_newlib_result(-ENOSYS);
}

int execve(const char *path UK_UNUSED, char *const argv[] UK_UNUSED, char *const envp[] UK_UNUSED)
{
	return (int)uk_newlib_result(-ENOSYS);
}

int execvp(const char *file UK_UNUSED, char *const argv[] UK_UNUSED)
{
	return (int)uk_newlib_result(-ENOSYS);
}

pid_t wait(int *status UK_UNUSED)
{
	return (pid_t)uk_newlib_result(-ECHILD);
}

pid_t waitpid(pid_t pid UK_UNUSED, int *status UK_UNUSED, int options UK_UNUSED)
{
	return (pid_t)uk_newlib_result(-ECHILD);
}

int pipe(int fds[2] UK_UNUSED)
{
	return (int)uk_newlib_result(-ENOSYS);
}
