/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The scheduler "edf": see <uk/sched.h> for what its operations do. */
#pragma once

#include <uk/sched.h>

extern const struct uk_sched_ops uk_edf_ops;
