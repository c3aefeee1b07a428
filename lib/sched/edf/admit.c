/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Which reservations are accepted. One takes runtime / deadline of a CPU (its density; with a deadline at the end of
 * the period that is its utilization). On one CPU earliest deadline first meets all deadlines if the densities add up
 * to no more than 1 (Liu, Layland 1973; Stankovic et al. 1998 for deadlines before the period's end).
 *
 * On several CPUs as many times the limit is accepted. Each CPU schedules what is in its own queue, so it meets all
 * deadlines as long as the reservations there stay within the limit: always if all together do, or if affinities
 * distribute them so. Otherwise a CPU without work takes over waiting reservations, and what is late is counted. */

#include "internal.h"

#include <errno.h>

#define ONE ((uint64_t)1 << 20) /* the whole of a CPU */
#define LIMIT (ONE * CONFIG_SCHED_EDF_LIMIT / 100)
#define RUNTIME_MIN 1000               /* ns: below, switching takes it all */
#define PERIOD_MAX ((uint64_t)1 << 42) /* 73 minutes */

static uint64_t reserved; /* by all */

/* Rounded up. */
static uint64_t density(const struct uk_sched_params *p)
{
	return p->period ? (p->runtime * ONE - 1) / relative_deadline(p) + 1 : 0;
}

static bool makes_sense(const struct uk_sched_params *p)
{
	if (!p->period)
		return !p->runtime && !p->deadline;
	return p->runtime >= RUNTIME_MIN && p->runtime <= relative_deadline(p) && p->deadline <= p->period &&
	       p->period <= PERIOD_MAX;
}

int uk_edf_admit(const struct uk_sched_params *old, const struct uk_sched_params *params, unsigned cpus)
{
	const uint64_t others = reserved - (old ? density(old) : 0);

	if (!makes_sense(params))
		return -EINVAL;
	if (density(params) > LIMIT || (params->period && others + density(params) > cpus * LIMIT))
		return -EBUSY;
	reserved = others + density(params);
	return 0;
}

void uk_edf_leave(const struct uk_sched_params *params)
{
	reserved -= density(params);
}
