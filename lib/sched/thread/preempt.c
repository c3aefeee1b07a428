/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Interrupting threads: slices, and what the platform asks on the way out of an interrupt. Part of an image only with a
 * policy that preempts, or with what posts work to threads. */

#include "internal.h"

void uk_thread_watch_slice(struct uk_thread_cpu *c)
{
	uint64_t end, slice = UINT64_MAX;

	if (POLICY->preemptive && c->ready && c->current != c->idle)
		slice = POLICY->slice(c->queue, &c->current->entity);
	if (slice == UINT64_MAX)
		return;
	end = uk_plat_time_ns() + slice;
	if (c->slice_armed && c->slice_end <= end)
		return;
	c->slice_armed = true;
	c->slice_switches = c->switches;
	c->slice_end = end;
	uk_thread_arm(c);
}

/* The time to look after current's slice has come. A policy without the time counts a slice as used up if nobody else
 * has run since it began to be watched: so nothing has to be read or set at every switch. */
static void end_slice(struct uk_thread_cpu *c)
{
	c->slice_armed = false;
	if (c->ready == 0 || c->current == c->idle)
		return;
	if (POLICY->timed) {
		uk_thread_charge(c, uk_plat_time_ns());
		c->resched = POLICY->slice(c->queue, &c->current->entity) == 0;
	} else {
		c->resched = c->switches == c->slice_switches;
	}
	if (!c->resched)
		uk_thread_watch_slice(c);
}

void uk_thread_end_slice(struct uk_thread_cpu *c)
{
	uk_lock_acquire(&c->lock);
	if (c->slice_armed && c->slice_end <= uk_plat_time_ns())
		end_slice(c);
	uk_lock_release(&c->lock);
}

void uk_cpu_kicked(void)
{
	struct uk_thread_cpu *c = uk_thread_this_cpu();

	uk_lock_acquire(&c->lock);
	if (c->ready && !c->slice_armed && c->current)
		uk_thread_watch_slice(c);
	uk_lock_release(&c->lock);
}

_Bool uk_cpu_preempt_wanted(void)
{
	const struct uk_thread_cpu *c = uk_thread_this_cpu();
	const struct uk_thread *t = c->current;

	return t && t != c->idle && (c->resched || t->work || c->dump);
}

void uk_cpu_preempt(void)
{
	struct uk_thread_cpu *c = uk_thread_this_cpu();

	if (UK_ENABLED(SCHED_THREAD_DUMP) && c->dump) {
		c->dump = false;
		uk_thread_dump();
	}
	if (c->resched)
		uk_thread_schedule(UK_SCHED_PREEMPT);
	if (uk_thread_self()->work) {
		uk_plat_irq_enable();
		uk_thread_work();
		uk_plat_irq_save();
	}
}
