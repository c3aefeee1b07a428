/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* An application that breaks in the way its argument names. Each way is a function that is not inlined, so that
 * backtraces have its name. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uk/alloc.h>
#include <uk/assert.h>
#include <uk/base.h>

#define NOINLINE __attribute__((noinline))

static int NOINLINE break_bug(void)
{
	UK_BUG("broken on purpose, number %d", 42);
}

static int NOINLINE break_assert(void)
{
	volatile int zero = 0;

	UK_ASSERT(zero == 1);
	return 3; /* assertions are off */
}

static int NOINLINE break_null(void)
{
	volatile char *volatile null = NULL;

	return *null;
}

static int NOINLINE break_text(void)
{
	volatile char *volatile code = (volatile char *)(uintptr_t)break_null;

	*code = 0;
	return 0;
}

static int NOINLINE break_data(void)
{
	static unsigned char ret[16] = {0xc3};
	void (*volatile call)(void) = (void (*)(void))(uintptr_t)ret;

	call();
	return 0;
}

static int NOINLINE break_stack(void)
{
	volatile char frame[512];

	frame[0] = 1; /* volatile, so that no compiler sees that this never ends */
	return frame[0] ? break_stack() + frame[0] : 0;
}

static int NOINLINE break_instruction(void)
{
	__asm__ volatile("ud2");
	return 0;
}

static int NOINLINE break_divide(void)
{
	volatile int zero = 0, hundred = 100;

	return hundred / zero;
}

static int NOINLINE break_wild(void)
{
	volatile char *volatile wild = (volatile char *)0x6666666666666666;

	return *wild;
}

/* Take all memory in blocks of one size, write to some of each, give all back, and do it again: no less may come. */
static int NOINLINE break_memory(void)
{
	const size_t size = 64 * 1024;
	unsigned counts[2];

	for (unsigned round = 0; round < UK_ARRAY_SIZE(counts); round++) {
		void **last = NULL;

		counts[round] = 0;
		for (void **block; (block = uk_malloc(size)) != NULL; counts[round]++) {
			*block = last;
			last = block;
		}
		while (last) {
			void **next = *last;

			uk_free(last);
			last = next;
		}
	}
	printf("blocks %u then %u\n", counts[0], counts[1]);
	return counts[0] > 0 && counts[1] == counts[0] ? 0 : 1;
}

static int NOINLINE break_status(void)
{
	exit(42);
}

static int NOINLINE break_abort(void)
{
	abort();
}

static const struct way {
	const char *name;
	int (*run)(void);
} ways[] = {
    {"bug", break_bug},
    {"assert", break_assert},
    {"null", break_null},
    {"text", break_text},
    {"data", break_data},
    {"stack", break_stack},
    {"instruction", break_instruction},
    {"divide", break_divide},
    {"wild", break_wild},
    {"memory", break_memory},
    {"status", break_status},
    {"abort", break_abort},
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 2 && i < UK_ARRAY_SIZE(ways); i++)
		if (!strcmp(argv[1], ways[i].name))
			return ways[i].run();
	printf("usage: broken WAY\n");
	return 2;
}
