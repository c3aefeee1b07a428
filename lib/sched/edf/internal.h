/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What the files of sched/edf share: admission, and time within a period. */
#pragma once

#include <sched/edf/config.h>

#include <uk/edf.h>

/* Operations of the table: see <uk/sched.h>. */
int uk_edf_admit(const struct uk_sched_params *old, const struct uk_sched_params *params, unsigned cpus);
void uk_edf_leave(const struct uk_sched_params *params);

/* By when the runtime must be had, from the begin of the period on. */
static inline uint64_t relative_deadline(const struct uk_sched_params *p)
{
	return p->deadline ? p->deadline : p->period;
}
