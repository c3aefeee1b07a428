/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The programs of this application. Each prints what it does and returns whether its result is right. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Dining philosophers: so many of them (2 to PHILOSOPHERS_MOST) eat so many meals each. */
#define PHILOSOPHERS_MOST 64
bool philosophers(unsigned count, unsigned meals);

/* Numbers from 1 to count go through four stages. */
bool pipeline(unsigned count);

/* A sort of count numbers by so many threads. */
bool sort(size_t count, unsigned threads);
