/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <stdlib.h>

#include <uk/boot.h>

int main(int argc, char **argv, char **envp);

typedef void constructor(int argc, char **argv, char **envp);
extern constructor *const __init_array_start[] __attribute__((weak)), *const __init_array_end[] __attribute__((weak));

int uk_libc_start(int argc, char **argv, char **envp)
{
	environ = envp;
	for (constructor *const *c = __init_array_start; c != __init_array_end; c++)
		(*c)(argc, argv, envp);
	exit(main(argc, argv, envp));
}
