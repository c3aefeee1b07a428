/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The program's way in: a constructor, since main() is the application's. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <uk/base.h>
#include <uk/boot.h>
#include <uk/plat/boot.h>

#include "host.h"

int main(int argc, char **argv, char **envp);

/* libFuzzer brings a main() of its own. */
UK_WEAK int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Threads of the system run on stacks that the sanitizer does not know: stacks of its own making would get mixed up. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_stack_use_after_return=0";
}

static char *cmdline;

/* Append one argument, quoted so that core/param reads the same word again. */
static void append_quoted(FILE *to, const char *arg)
{
	if (*arg && !strpbrk(arg, " \t\n\r\"'\\$`")) {
		fputs(arg, to);
		return;
	}
	fputc('\'', to);
	for (; *arg; arg++)
		if (*arg == '\'')
			fputs("'\\''", to);
		else
			fputc(*arg, to);
	fputc('\'', to);
}

static char *join(int argc, char **argv)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	for (int i = 1; i < argc; i++) {
		append_quoted(to, argv[i]);
		fputc(' ', to);
	}
	fclose(to);
	return text;
}

__attribute__((constructor)) static void start(int argc, char **argv, char **envp UK_UNUSED)
{
	uk_host_stack_init();
	if (LLVMFuzzerTestOneInput) {
		cmdline = calloc(1, 1);
		uk_host_mute = true;
		uk_boot_init();
		return;
	}
	uk_host_traps_init();
	cmdline = join(argc, argv);
	uk_boot_start();
}

int uk_libc_start(int argc, char **argv, char **envp)
{
	environ = envp;
	return main(argc, argv, envp);
}

const char *uk_plat_cmdline(void)
{
	return cmdline;
}

const char *uk_plat_name(void)
{
	return "host";
}

const void *uk_plat_initrd(size_t *size)
{
	*size = 0;
	return NULL;
}

_Noreturn void uk_plat_exit(int status)
{
	free(cmdline);
	cmdline = NULL;
	exit(status & 0xff);
}

_Noreturn void uk_plat_crash(void)
{
	fflush(NULL);
	_exit(UK_PLAT_CRASH_STATUS);
}
