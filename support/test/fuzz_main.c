/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The application of a fuzz program: the hosted platform starts the system, and then libFuzzer drives the target.
 * Its options come in the environment, since the command line is the system's. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MAX_WORDS 16

int TARGET(const uint8_t *data, size_t size);
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*target)(const uint8_t *data, size_t size));
int main(void);

int main(void)
{
	char *words[MAX_WORDS + 1] = {"fuzz"};
	int count = 1;
	const char *given = getenv("FUZZ_ARGS");
	char *text = strdup(given ? given : "");

	for (char *word = strtok(text, " "); word && count < MAX_WORDS; word = strtok(NULL, " "))
		words[count++] = word;
	char **argv = words;
	return LLVMFuzzerRunDriver(&count, &argv, TARGET);
}
