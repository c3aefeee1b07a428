/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <stdio.h>

int main(int argc, char **argv)
{
	puts("Hello, world!");
	for (int i = 1; i < argc; i++)
		puts(argv[i]);
	return 0;
}
