/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* spawn PAIRS PROGRAM-A PROGRAM-B: starts the two in turn and prints the nanoseconds from before vfork to the end of
 * each, "a b" on a line for each pair. Their output is thrown away. A status other than 0 ends it with 1. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static long long once(char *program, int null)
{
	char *argv[] = {program, NULL};
	char *envp[] = {NULL};
	int status = 0;
	long long start = now();
	pid_t pid = vfork();

	if (pid == 0) {
		dup2(null, 1);
		dup2(null, 2);
		execve(program, argv, envp);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0) {
		fprintf(stderr, "%s: wait status %d\n", program, status);
		exit(1);
	}
	return now() - start;
}

int main(int argc, char **argv)
{
	int null = open("/dev/null", O_RDWR);

	if (argc != 4 || null < 0)
		return 2;
	dup2(null, 0);
	for (int i = atoi(argv[1]); i > 0; i--) {
		long long a = once(argv[2], null), b = once(argv[3], null);

		printf("%lld %lld\n", a, b);
	}
	return 0;
}
