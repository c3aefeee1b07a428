/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* How long a call is to wait, as the program gives it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* Whether it is a duration: not negative, less than a second in tv_nsec. Context: any. */
bool uk_newlib_time_valid(const struct timespec *t);

/* ns + t, a valid one; UK_WAIT_FOREVER if that is beyond the clock. Context: any. */
uint64_t uk_newlib_time_add(uint64_t ns, const struct timespec *t);
