/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Fuzz target: every two bytes are one operation. */

#include "exercise.h"

#include <stdlib.h>

int uk_fuzz_pqueue(const uint8_t *data, size_t size);

int uk_fuzz_pqueue(const uint8_t *data, size_t size)
{
	static struct uk_pqueue_exercise x;

	x = (struct uk_pqueue_exercise){0};
	for (size_t i = 0; i + 1 < size; i += 2)
		if (uk_pqueue_exercise_step(&x, data[i] >> 6, data[i], data[i + 1]))
			abort();
	return 0;
}
