/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The CPU's timer: a POSIX timer whose signal goes to the CPU's thread (Linux timer_create(2), SIGEV_THREAD_ID), made
 * when it is first set. To set it costs a system call, so it is left alone if it fires early enough for what is wanted:
 * its signal then sets it anew. */

#include <uk/plat/cpu.h>
#include <uk/plat/time.h>

#include "interrupt.h"
#include "syscall.h"

#define NS_PER_S 1000000000ull
#define NEVER UINT64_MAX
#define CLOCK_MONOTONIC 1
#define TIMER_ABSTIME 1
#define SIGEV_THREAD_ID 4
#define NO_TIMER (-1)

UK_WEAK void uk_cpu_timer(void);

/* Linux include/uapi/asm-generic/siginfo.h. */
struct event {
	uint64_t value;
	int signal, notify, thread;
	int rest[11];
};

struct setting {
	struct uk_linux_timespec interval, value;
};

static int make_timer(struct uk_linux_cpu *c)
{
	const struct event event = {.signal = UK_LINUX_SIGALRM, .notify = SIGEV_THREAD_ID, .thread = uk_linux_tid(c)};
	int id = NO_TIMER;

	uk_linux_interrupt_init(UK_LINUX_SIGALRM);
	uk_linux_call3(UK_LINUX_TIMER_CREATE, CLOCK_MONOTONIC, (long)&event, (long)&id);
	return id;
}

/* Have the host's timer fire at a time. */
static void arm(struct uk_linux_cpu *c, uint64_t at)
{
	const struct setting s = {{0, 0}, {(int64_t)(at / NS_PER_S), (int64_t)(at % NS_PER_S)}};

	if (!c->timer)
		c->timer = make_timer(c) + 1;
	c->armed = at;
	uk_linux_call4(UK_LINUX_TIMER_SETTIME, c->timer - 1, TIMER_ABSTIME, (long)&s, 0);
}

void uk_plat_timer(uint64_t deadline)
{
	struct uk_linux_cpu *c = uk_linux_this_cpu();

	c->wanted = deadline == NEVER ? 0 : UK_MAX(deadline, (uint64_t)1);
	if (deadline == NEVER || (c->armed && deadline >= c->armed))
		return;
	if (deadline > uk_plat_time_ns())
		arm(c, deadline);
	else
		uk_linux_raise(c, UK_LINUX_EVENT_TIMER);
}

/* It may be the signal of an earlier setting, or the clock of the host a little ahead of ours. */
void uk_linux_timer_fired(struct uk_linux_cpu *c)
{
	c->armed = 0;
	if (!c->wanted)
		return;
	if (c->wanted > uk_plat_time_ns()) {
		arm(c, c->wanted);
		return;
	}
	c->wanted = 0;
	if (uk_cpu_timer)
		uk_cpu_timer();
}
