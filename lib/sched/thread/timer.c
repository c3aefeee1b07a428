/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Timers and the clock interrupt. What a CPU's clock is set to is changed by that CPU only; setting it to an earlier
 * time is the rule, and one that fires for nothing is ignored, so that a timer which is set and cancelled again and
 * again does not touch the clock each time. */

#include "internal.h"

#include <uk/arch/cpu.h>

void uk_thread_arm(struct uk_thread_cpu *c)
{
	struct uk_pqueue_node *first;
	uint64_t next = UK_ENABLED(SCHED_THREAD_PREEMPT) && c->slice_armed ? c->slice_end : UINT64_MAX;

	c->unarmed = false;
	uk_lock_acquire(&c->timer_lock);
	first = uk_pqueue_first(&c->timers);
	if (first)
		next = UK_MIN(next, first->key);
	uk_lock_release(&c->timer_lock);
	if (next < c->armed) {
		c->armed = next;
		uk_plat_timer(next);
	}
}

void uk_timer_init(struct uk_timer *t, void (*function)(struct uk_timer *t))
{
	*t = (struct uk_timer){.function = function};
}

/* Take t out of the queue that it is in. Whether it was in one. */
static bool remove_timer(struct uk_timer *t)
{
	struct uk_thread_cpu *c = &uk_thread_cpus[t->cpu];
	bool queued;

	uk_lock_acquire(&c->timer_lock);
	queued = uk_pqueue_queued(&t->node);
	if (queued)
		uk_pqueue_remove(&c->timers, &t->node);
	uk_lock_release(&c->timer_lock);
	return queued;
}

bool uk_thread_timer_add(struct uk_thread_cpu *c, struct uk_timer *t, uint64_t deadline)
{
	remove_timer(t);
	uk_lock_acquire(&c->timer_lock);
	t->cpu = uk_thread_cpu_number(c);
	uk_pqueue_add(&c->timers, &t->node, deadline);
	uk_lock_release(&c->timer_lock);
	return deadline < c->armed;
}

void uk_timer_set(struct uk_timer *t, uint64_t deadline)
{
	const unsigned long state = uk_plat_irq_save();
	struct uk_thread_cpu *c = uk_thread_this_cpu();

	if (uk_thread_timer_add(c, t, deadline))
		uk_thread_arm(c);
	uk_plat_irq_restore(state);
}

bool uk_timer_cancel(struct uk_timer *t)
{
	const unsigned long state = uk_plat_irq_save();
	struct uk_thread_cpu *c = &uk_thread_cpus[t->cpu];
	const bool queued = remove_timer(t);

	while (UK_SMP && c != uk_thread_this_cpu() && __atomic_load_n(&c->timer_running, __ATOMIC_ACQUIRE) == t)
		uk_arch_pause();
	uk_plat_irq_restore(state);
	return queued;
}

uint64_t uk_thread_run_timers(struct uk_thread_cpu *c)
{
	for (;;) {
		struct uk_pqueue_node *first;
		struct uk_timer *t = NULL;
		uint64_t next = UINT64_MAX;

		uk_lock_acquire(&c->timer_lock);
		first = uk_pqueue_first(&c->timers);
		if (first && (next = first->key) <= uk_plat_time_ns()) {
			t = uk_pqueue_entry(uk_pqueue_pop(&c->timers), struct uk_timer, node);
			c->timer_running = t;
		}
		uk_lock_release(&c->timer_lock);
		if (!t)
			return next;
		t->function(t);
		__atomic_store_n(&c->timer_running, NULL, __ATOMIC_RELEASE); /* t may be gone */
	}
}

void uk_cpu_timer(void)
{
	struct uk_thread_cpu *c = uk_thread_this_cpu();

	c->armed = UINT64_MAX;
	uk_thread_run_timers(c);
	if (UK_ENABLED(SCHED_THREAD_PREEMPT))
		uk_thread_end_slice(c);
	uk_thread_arm(c);
}
