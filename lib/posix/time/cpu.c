/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* CPU time, as the scheduler counts it. */

#include <uk/lock.h>
#include <uk/signal.h>
#include <uk/thread.h>

#include "internal.h"

static struct uk_lock lock = UK_LOCK_INIT;
static uint64_t ended;   /* what threads have used that are no more */
static uint64_t highest; /* that was told: a clock does not go back */

static bool add(struct uk_thread *t, void *sum)
{
	if (uk_signal_thread_member(t))
		*(uint64_t *)sum += uk_thread_cputime(t);
	return true;
}

uint64_t uk_time_cpu_process(void)
{
	const unsigned long state = uk_lock_acquire_irq(&lock);
	uint64_t sum = ended;

	uk_thread_each(add, &sum);
	highest = UK_MAX(highest, sum);
	sum = highest;
	uk_lock_release_irq(&lock, state);
	return sum;
}

uint64_t uk_time_cpu_self(void)
{
	return uk_thread_cputime(uk_thread_self());
}

void uk_time_thread_exit(void)
{
	const unsigned long state = uk_lock_acquire_irq(&lock);

	ended += uk_thread_cputime(uk_thread_self());
	uk_lock_release_irq(&lock, state);
}

/* A thread's clock has the number INT_MIN + 30 bits that tell which thread it is: threads' structures stay where they
 * are, and count who has had them. */
clockid_t uk_time_thread_clock(const struct uk_thread *t)
{
	const uint64_t which = ((uintptr_t)t >> 4) + (uint64_t)t->generation * 0x9e3779b1u;

	return (clockid_t)(0x80000000u | (which & 0x3fffffff));
}

struct search {
	clockid_t clock;
	struct uk_thread *found;
};

static bool compare(struct uk_thread *t, void *arg)
{
	struct search *s = arg;

	if (t->state != UK_THREAD_ENDED && uk_time_thread_clock(t) == s->clock)
		s->found = t;
	return !s->found;
}

int uk_time_cpu_thread(clockid_t clock, uint64_t *ns)
{
	struct search s = {clock, NULL};

	uk_thread_each(compare, &s);
	if (!s.found)
		return -EINVAL;
	*ns = uk_thread_cputime(s.found);
	return 0;
}
