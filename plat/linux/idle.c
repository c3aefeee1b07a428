/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Idling: CPU 0 sleeps until a descriptor is ready, the others, and it too if it watches none, until their word of
 * events changes, which whoever has work for them can do more cheaply than by a signal. In both cases a signal that
 * arrives just before the sleep ends it: its handler changes that word, and the time that is left. */

#include <uk/arch/cpu.h>
#include <uk/base.h>
#include <uk/plat/cpu.h>
#include <uk/plat/time.h>

#include "interrupt.h"
#include "lines.h"
#include "syscall.h"

#define NS_PER_S 1000000000ull
#define LONG ((uint64_t)INT32_MAX * NS_PER_S) /* long enough to be waited for, short enough for every kernel */
#define PR_SET_TIMERSLACK 29
#define ADVANCE_MOST 30000u /* ns that waking up may take for it to be made up for */
#define MEMORY 8            /* so many times the new value counts less than what was before */

long uk_linux_poll(struct uk_linux_pollfd *p, size_t n, uint64_t ns)
{
	const struct uk_linux_timespec limit = {(int64_t)(ns / NS_PER_S), (int64_t)(ns % NS_PER_S)};

	return uk_linux_call6(UK_LINUX_PPOLL, (long)p, (long)n, ns == UINT64_MAX ? 0 : (long)&limit, 0, 0, 0);
}

/* How long to sleep, without the slack that the kernel allows itself otherwise. */
static uint64_t time_left(struct uk_linux_cpu *c, uint64_t deadline)
{
	uint64_t now;

	if (deadline == UINT64_MAX)
		return LONG;
	if (!c->slack)
		uk_linux_call3(UK_LINUX_PRCTL, PR_SET_TIMERSLACK, 1, 0);
	c->slack = true;
	now = uk_plat_time_ns() + c->advance;
	return deadline > now ? UK_MIN(deadline - now, LONG) : 0;
}

/* The host takes its time to wake a thread up, so a sleep of ns ended before its deadline by what that took lately, and
 * the rest, some microseconds, is waited for here. */
static void wait_rest(struct uk_linux_cpu *c, uint64_t ns, uint64_t deadline)
{
	uint64_t now = uk_plat_time_ns();
	const uint64_t late = now + c->advance - deadline;

	if (ns && late <= 2 * ADVANCE_MOST) /* it was the time that ended the sleep, and nothing held up this process */
		c->advance += (int32_t)(UK_MIN(late, (uint64_t)ADVANCE_MOST) - c->advance) / MEMORY;
	while (now < deadline && deadline - now <= ADVANCE_MOST && !uk_linux_pending()) {
		uk_arch_pause();
		now = uk_plat_time_ns();
	}
}

/* Until `events` is not 0. Who changes it wakes this CPU if it finds `idle` set; if it does not, it sends a signal. */
static void sleep_on_events(struct uk_linux_cpu *c)
{
	__atomic_store_n(&c->idle, true, __ATOMIC_SEQ_CST);
	uk_linux_call4(UK_LINUX_FUTEX, (long)&c->events, UK_LINUX_FUTEX_WAIT, 0, (long)&c->timeout);
	__atomic_store_n(&c->idle, false, __ATOMIC_SEQ_CST);
	if (__atomic_load_n(&c->events, __ATOMIC_SEQ_CST))
		uk_linux_raise(c, 0);
}

void uk_plat_idle(uint64_t deadline)
{
	struct uk_linux_cpu *c = uk_linux_this_cpu();
	const uint64_t ns = time_left(c, deadline);
	const bool watches = !UK_SMP || (c->number == 0 && uk_linux_lines_any());

	c->timeout = (struct uk_linux_timespec){(int64_t)(ns / NS_PER_S), (int64_t)(ns % NS_PER_S)};
	c->look = 0;
	uk_arch_barrier();
	if (uk_linux_pending())
		;
	else if (watches)
		uk_linux_lines_wait(&c->timeout);
	else
		sleep_on_events(c);
	if (deadline != UINT64_MAX)
		wait_rest(c, ns, deadline);
	if (uk_linux_pending())
		((uk_linux_deliver_t *)c->pending)(UK_LINUX_MASKED);
	if (c->number == 0 && uk_linux_lines_look_soon)
		uk_linux_lines_look_soon();
}
