/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What takes the place of timers in an image without sched/thread. */

#include <sys/time.h>
#include <unistd.h>

#include "internal.h"

UK_WEAK int timer_create(clockid_t clock UK_UNUSED, struct sigevent *restrict event UK_UNUSED,
			 timer_t *restrict id UK_UNUSED)
{
	return uk_time_result(UK_TIME_MISSING("timer_create()"));
}

UK_WEAK int timer_delete(timer_t id UK_UNUSED)
{
	return uk_time_result(UK_TIME_MISSING("timer_delete()"));
}

UK_WEAK int timer_settime(timer_t id UK_UNUSED, int flags UK_UNUSED, const struct itimerspec *restrict value UK_UNUSED,
			  struct itimerspec *restrict old UK_UNUSED)
{
	return uk_time_result(UK_TIME_MISSING("timer_settime()"));
}

UK_WEAK int timer_gettime(timer_t id UK_UNUSED, struct itimerspec *value UK_UNUSED)
{
	return uk_time_result(UK_TIME_MISSING("timer_gettime()"));
}

UK_WEAK int timer_getoverrun(timer_t id UK_UNUSED)
{
	return uk_time_result(UK_TIME_MISSING("timer_getoverrun()"));
}

UK_WEAK int setitimer(int which UK_UNUSED, const struct itimerval *restrict value UK_UNUSED,
		      struct itimerval *restrict old UK_UNUSED)
{
	return uk_time_result(UK_TIME_MISSING("setitimer()"));
}

UK_WEAK int getitimer(int which UK_UNUSED, struct itimerval *value UK_UNUSED)
{
	return uk_time_result(UK_TIME_MISSING("getitimer()"));
}

/* No error is defined for this one. */
UK_WEAK unsigned alarm(unsigned seconds UK_UNUSED)
{
	(void)uk_time_result(UK_TIME_MISSING("alarm()"));
	return 0;
}

UK_WEAK useconds_t ualarm(useconds_t us UK_UNUSED, useconds_t interval UK_UNUSED)
{
	(void)uk_time_result(UK_TIME_MISSING("ualarm()"));
	return 0;
}
