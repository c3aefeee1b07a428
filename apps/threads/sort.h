/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Sorting on several CPUs. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define SORT_THREADS_MOST 64

/* Sort the numbers, the smallest first, by so many threads, the caller among them. spare: room for as many numbers.
 * 0, EINVAL for no threads or more than SORT_THREADS_MOST, or the error of what creates threads: then the numbers are
 * in any order. */
int sort_parallel(uint32_t *values, uint32_t *spare, size_t count, unsigned threads);
