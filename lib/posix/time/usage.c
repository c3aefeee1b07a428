/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* How much the program has used. */

#include <sys/resource.h>
#include <sys/times.h>

#include "internal.h"

#define TICK (SECOND / 100) /* sysconf(_SC_CLK_TCK) is 100 */

/* Linux: of the calling thread. */
#define RUSAGE_THREAD 1

clock_t clock(void)
{
	return (clock_t)(uk_time_cpu_process() / (SECOND / CLOCKS_PER_SEC));
}

clock_t times(struct tms *t)
{
	if (t)
		*t = (struct tms){.tms_utime = (clock_t)(uk_time_cpu_process() / TICK)};
	return (clock_t)(uk_plat_time_ns() / TICK);
}

int getrusage(int who, struct rusage *usage)
{
	struct timespec t = {0, 0};

	if (who == RUSAGE_SELF)
		t = uk_time_spec(uk_time_cpu_process());
	else if (who == RUSAGE_THREAD)
		t = uk_time_spec(uk_time_cpu_self());
	else if (who != RUSAGE_CHILDREN)
		return uk_time_result(-EINVAL);
	*usage = (struct rusage){.ru_utime = {t.tv_sec, t.tv_nsec / 1000}};
	return 0;
}
