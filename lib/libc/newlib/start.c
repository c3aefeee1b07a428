/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* From the init table to main() and from exit() to shutdown; the reentrancy structure of the boot thread. */
#include <reent.h>
#include <stdlib.h>
#include <unistd.h>

#include <uk/base.h>
#include <uk/boot.h>

int main(int argc, char **argv, char **envp);

extern char **environ;

/* newlib's own initialiser leaves the last members to be zero */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
static struct _reent boot_reent = _REENT_INIT(boot_reent);
struct _reent *_impure_ptr = &boot_reent;
struct _reent *const _global_impure_ptr = &boot_reent;
__thread struct _reent *uk_newlib_reent = &boot_reent;

/* For code that was not compiled with our headers. */
#undef __getreent
struct _reent *__getreent(void);
struct _reent *__getreent(void)
{
	return uk_newlib_reent;
}

/* Constructors and destructors of programs, where the linker script gathers any. */
typedef void (*function)(void);
extern const function __init_array_start[] UK_WEAK, __init_array_end[] UK_WEAK;
extern const function __fini_array_start[] UK_WEAK, __fini_array_end[] UK_WEAK;

static void run_destructors(void)
{
	for (const function *f = __fini_array_end; f != __fini_array_start;)
		(*--f)();
}

int uk_libc_start(int argc, char **argv, char **envp)
{
	environ = envp;
	if (&__fini_array_start[0] != &__fini_array_end[0])
		atexit(run_destructors);
	for (const function *f = __init_array_start; f != __init_array_end; f++)
		(*f)();
	exit(main(argc, argv, envp));
}

_Noreturn void _exit(int status)
{
	uk_boot_exit(status);
}
