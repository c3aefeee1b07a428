/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The CPU's timer: a POSIX timer whose signal goes to the CPU's thread (Linux timer_create(2), SIGEV_THREAD_ID), made
 * when it is first set. To set it costs a system call, so it is left alone if it fires early enough for what is wanted:
 * its signal then sets it anew.
 *
 * While CPU 0 is busy and watches descriptors, the timer also has it look at them: soon after it was idle, then less
 * and less often. A thread that watched for it would cost a wake-up for each packet that an idle CPU 0 is waiting for
 * itself, and an idle system would not be quieter. */

#include <uk/plat/cpu.h>
#include <uk/plat/time.h>

#include "interrupt.h"
#include "lines.h"
#include "syscall.h"

#define NS_PER_S 1000000000ull
#define CLOCK_MONOTONIC 1
#define TIMER_ABSTIME 1
#define SIGEV_THREAD_ID 4
#define LOOK_FIRST 200000 /* ns */
#define LOOK_LAST 1600000

UK_WEAK_REF void uk_cpu_timer(void);

/* Linux include/uapi/asm-generic/siginfo.h. */
struct event {
	uint64_t value;
	int signal, notify, thread;
	int rest[11];
};

struct setting {
	struct uk_linux_timespec interval, value;
};

static uint64_t look_interval = LOOK_FIRST;

/* The number that the kernel gives it, plus one. */
static int make_timer(struct uk_linux_cpu *c)
{
	const struct event event = {.signal = UK_LINUX_SIGALRM, .notify = SIGEV_THREAD_ID, .thread = uk_linux_tid(c)};
	int id = -1;

	uk_linux_interrupt_init(UK_LINUX_SIGALRM);
	uk_linux_call3(UK_LINUX_TIMER_CREATE, CLOCK_MONOTONIC, (long)&event, (long)&id);
	return id + 1;
}

static uint64_t first_of(uint64_t a, uint64_t b)
{
	return a && b ? UK_MIN(a, b) : a | b;
}

/* Have the host's timer fire when something is to be done, unless it does so earlier. */
static void arm(struct uk_linux_cpu *c)
{
	const uint64_t at = first_of(c->wanted, c->look);
	const struct setting s = {{0, 0}, {(int64_t)(at / NS_PER_S), (int64_t)(at % NS_PER_S)}};

	if (!at || (c->armed && c->armed <= at))
		return;
	if (!c->timer)
		c->timer = make_timer(c);
	c->armed = at;
	uk_linux_call4(UK_LINUX_TIMER_SETTIME, c->timer - 1, TIMER_ABSTIME, (long)&s, 0);
}

void uk_plat_timer(uint64_t deadline)
{
	struct uk_linux_cpu *c = uk_linux_this_cpu();

	c->wanted = deadline == UINT64_MAX ? 0 : UK_MAX(deadline, (uint64_t)1);
	if (!c->wanted || (c->armed && c->armed <= c->wanted))
		return;
	if (c->wanted > uk_plat_time_ns())
		arm(c);
	else
		uk_linux_raise(c, UK_LINUX_EVENT_TIMER);
}

void uk_linux_look(struct uk_linux_cpu *c)
{
	struct uk_linux_timespec none = {0, 0};

	c->look = 0;
	if (!uk_linux_lines_any())
		return;
	look_interval = uk_linux_lines_wait(&none) ? LOOK_FIRST : UK_MIN(look_interval * 2, (uint64_t)LOOK_LAST);
	c->look = uk_plat_time_ns() + look_interval;
	arm(c);
}

void uk_linux_look_soon(void)
{
	struct uk_linux_cpu *c = uk_linux_this_cpu();

	if (!uk_cpu_timer || !uk_linux_lines_any())
		return;
	look_interval = LOOK_FIRST;
	c->look = uk_plat_time_ns() + look_interval;
	arm(c);
}

/* It may be the signal of an earlier setting, or the clock of the host a little ahead of ours. */
void uk_linux_timer_fired(struct uk_linux_cpu *c)
{
	const uint64_t now = uk_plat_time_ns();

	if (c->look && c->look <= now)
		uk_linux_look(c);
	if (c->wanted && c->wanted <= now) {
		c->wanted = 0;
		if (uk_cpu_timer)
			uk_cpu_timer();
	}
	arm(c);
}
