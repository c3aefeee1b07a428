/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Who runs: the CPUs' queues and the switch between threads. See internal.h for the locking. */

#include "internal.h"

#include <uk/arch/cpu.h>
#include <uk/arch/switch.h>

struct uk_thread_cpu uk_thread_cpus[UK_CPUS];
unsigned uk_thread_cpus_started = 1;
uint64_t uk_thread_idle_cpus;

static struct uk_thread *thread_of(struct uk_sched_entity *e)
{
	return uk_container_of(e, struct uk_thread, entity);
}

void uk_thread_charge(struct uk_thread_cpu *c, uint64_t now)
{
	if (!POLICY->timed)
		return;
	if (POLICY->ran && c->current != c->idle)
		POLICY->ran(c->queue, &c->current->entity, now - c->charged);
	c->charged = now;
}

void uk_thread_nudge(unsigned cpu)
{
	__atomic_store_n(&uk_thread_cpus[cpu].resched, true, __ATOMIC_RELAXED);
	uk_plat_cpu_kick(cpu);
}

/* c is locked. */
static void enqueue(struct uk_thread_cpu *c, struct uk_thread *t, enum uk_sched_why why)
{
	const uint64_t now = uk_thread_now();

	__atomic_store_n(&t->cpu, (uint16_t)uk_thread_cpu_number(c), __ATOMIC_RELAXED);
	__atomic_store_n(&t->queued, true, __ATOMIC_RELEASE); /* in this order: see on_its_way() */
	uk_thread_charge(c, now);
	POLICY->add(c->queue, &t->entity, why, now);
	c->ready++;
	if (c->current == c->idle) {
		uk_thread_set_idle(c, false); /* the next thread goes to the next idle CPU */
		if (UK_SMP && c != uk_thread_this_cpu())
			uk_plat_cpu_kick(uk_thread_cpu_number(c));
	} else if (UK_ENABLED(SCHED_THREAD_PREEMPT) && POLICY->preemptive && c->current) {
		if (POLICY->before(c->queue, &t->entity, &c->current->entity))
			uk_thread_nudge(uk_thread_cpu_number(c));
		else if (c->slice_armed)
			return;
		else if (!UK_SMP || c == uk_thread_this_cpu())
			uk_thread_watch_slice(c);
		else
			uk_plat_cpu_kick(uk_thread_cpu_number(c)); /* it can set its own clock only */
	}
}

/* Of the CPUs where t may run, the one with the shortest queue; the last one if it is as good. */
static struct uk_thread_cpu *least_loaded(const struct uk_thread *t)
{
	struct uk_thread_cpu *best = &uk_thread_cpus[t->cpu];

	if (!uk_thread_may_run(t, t->cpu))
		best = &uk_thread_cpus[__builtin_ctzl(t->affinity)];
	for (unsigned i = 0; i < uk_thread_cpus_started; i++) {
		struct uk_thread_cpu *c = &uk_thread_cpus[i];

		if (uk_thread_may_run(t, i) && __atomic_load_n(&c->ready, __ATOMIC_RELAXED) + 1 < best->ready)
			best = c;
	}
	return best;
}

/* A CPU for t: where it was, unless that one is busy and another one idles or has much less to do. */
static struct uk_thread_cpu *choose_cpu(const struct uk_thread *t)
{
	const uint64_t idle = __atomic_load_n(&uk_thread_idle_cpus, __ATOMIC_RELAXED) & t->affinity;

	if (!idle)
		return least_loaded(t);
	if (idle >> t->cpu & 1)
		return &uk_thread_cpus[t->cpu];
	return &uk_thread_cpus[__builtin_ctzl(idle)];
}

void uk_thread_place(struct uk_thread *t, enum uk_sched_why why)
{
	struct uk_thread_cpu *c = UK_SMP ? choose_cpu(t) : uk_thread_cpus;

	uk_lock_acquire(&c->lock);
	enqueue(c, t, why);
	uk_lock_release(&c->lock);
}

/* Lock the CPU that t belongs to. */
static struct uk_thread_cpu *lock_cpu_of(struct uk_thread *t)
{
	struct uk_thread_cpu *c;

	if (!UK_SMP)
		return uk_thread_cpus;
	for (;;) {
		c = &uk_thread_cpus[__atomic_load_n(&t->cpu, __ATOMIC_RELAXED)];
		uk_lock_acquire(&c->lock);
		if (c == &uk_thread_cpus[t->cpu])
			return c;
		uk_lock_release(&c->lock);
	}
}

void uk_thread_ready(struct uk_thread *t, enum uk_sched_why why)
{
	struct uk_thread_cpu *c = lock_cpu_of(t);
	bool nowhere = false;

	if (t->state == UK_THREAD_WAITING) {
		t->state = UK_THREAD_READY;
		nowhere = c->current != t; /* else schedule() has not begun yet, and will go on with it */
	}
	if (nowhere && (!UK_SMP || choose_cpu(t) == c)) {
		enqueue(c, t, why);
		nowhere = false;
	}
	uk_lock_release(&c->lock);
	if (nowhere)
		uk_thread_place(t, why);
}

/* Whether t, which was found to belong to c, is just being put into another CPU's queue: c's lock does not cover it
 * then. */
static bool on_its_way(const struct uk_thread_cpu *c, const struct uk_thread *t)
{
	if (!UK_SMP)
		return false;
	if (__atomic_load_n(&t->queued, __ATOMIC_ACQUIRE))
		return __atomic_load_n(&t->cpu, __ATOMIC_RELAXED) != uk_thread_cpu_number(c);
	return t->state == UK_THREAD_READY && c->current != t;
}

bool uk_thread_unqueue(struct uk_thread *t, const struct uk_sched_params *params)
{
	struct uk_thread_cpu *c = lock_cpu_of(t);
	bool queued;

	while (on_its_way(c, t)) {
		uk_lock_release(&c->lock);
		uk_arch_pause();
		c = lock_cpu_of(t);
	}
	queued = t->queued;
	if (queued) {
		POLICY->remove(c->queue, &t->entity);
		c->ready--;
		t->queued = false;
	}
	if (params)
		t->entity.params = *params;
	uk_lock_release(&c->lock);
	return queued;
}

/* The next one to run; the CPU's idle thread if there is none. */
static struct uk_thread *pick(struct uk_thread_cpu *c, uint64_t now)
{
	struct uk_sched_entity *e = c->ready ? POLICY->pick(c->queue, now) : NULL;

	if (!e)
		return c->idle;
	c->ready--;
	thread_of(e)->queued = false;
	return thread_of(e);
}

static void account(struct uk_thread *from, struct uk_thread *to)
{
	if (UK_ENABLED(SCHED_THREAD_CPUTIME)) {
		const uint64_t now = uk_arch_cycles();

		from->cycles += now - from->since;
		to->since = now;
	}
	to->switches++;
}

static void switch_to(struct uk_thread_cpu *c, struct uk_thread *from, struct uk_thread *to)
{
	account(from, to);
	to->cpu = (uint16_t)uk_thread_cpu_number(c);
	to->on_cpu = true;
	c->previous = from;
	if (UK_ENABLED(SCHED_THREAD_PREEMPT) && uk_unlikely(to->work != NULL))
		uk_plat_cpu_kick(uk_thread_cpu_number(c)); /* its work is done on the way out of an interrupt */
	uk_plat_tls_set(to->tp);
	uk_thread_current = to;
	uk_arch_switch(&from->sp, to->sp);
	uk_thread_finish_switch();
}

/* From here on the thread that was switched from may run elsewhere, or be gone. */
void uk_thread_finish_switch(void)
{
	struct uk_thread_cpu *c = uk_thread_this_cpu();
	struct uk_thread *from = c->previous, *dead = c->dead;
	const bool moves = UK_SMP && from->state == UK_THREAD_READY && !from->queued && from != c->idle;

	c->dead = NULL;
	__atomic_store_n(&from->on_cpu, false, __ATOMIC_RELEASE);
	uk_lock_release(&c->lock);
	if (uk_unlikely(dead))
		uk_thread_recycle(dead);
	if (UK_SMP && uk_unlikely(moves))
		uk_thread_place(from, UK_SCHED_MOVED);
}

/* Whether t is not to wait for its next turn here: finish_switch() then finds it another CPU. */
static bool leaves(const struct uk_thread_cpu *c, const struct uk_thread *t, enum uk_sched_why why)
{
	return UK_SMP && (!uk_thread_may_run(t, uk_thread_cpu_number(c)) ||
			  (why == UK_SCHED_PREEMPT && c->ready && choose_cpu(t) != c));
}

void uk_thread_schedule(enum uk_sched_why why)
{
	struct uk_thread_cpu *c = uk_thread_this_cpu();
	struct uk_thread *t = c->current, *next;
	uint64_t now;

	if (uk_unlikely(*t->canary != UK_THREAD_CANARY))
		uk_thread_overflowed(t);
	uk_lock_acquire(&c->lock);
	c->resched = false;
	if (t->state == UK_THREAD_READY && why == UK_SCHED_WAKE) { /* woken before it was off the CPU */
		uk_lock_release(&c->lock);
		return;
	}
	now = uk_thread_now();
	uk_thread_charge(c, now);
	if (t->state == UK_THREAD_READY && t != c->idle && !leaves(c, t, why)) {
		t->queued = true;
		POLICY->add(c->queue, &t->entity, why, now);
		c->ready++;
	}
	next = pick(c, now);
	c->switches += next != t;
	c->current = next;
	if (uk_unlikely(c->unarmed) && next != c->idle)
		uk_thread_arm(c);
	if (UK_ENABLED(SCHED_THREAD_PREEMPT) && c->ready && (!c->slice_armed || POLICY->timed))
		uk_thread_watch_slice(c);
	if (next == t)
		uk_lock_release(&c->lock);
	else
		switch_to(c, t, next);
}

void uk_thread_yield(void)
{
	const unsigned long state = uk_plat_irq_save();

	if (uk_thread_this_cpu()->ready)
		uk_thread_schedule(UK_SCHED_YIELD);
	uk_plat_irq_restore(state);
}

static bool may_move(struct uk_sched_entity *e, void *to)
{
	return uk_thread_may_run(thread_of(e), uk_thread_cpu_number(to));
}

bool uk_thread_steal(struct uk_thread_cpu *c)
{
	struct uk_sched_entity *e = NULL;

	for (unsigned i = 1; UK_SMP && i < uk_thread_cpus_started && !e; i++) {
		struct uk_thread_cpu *o = &uk_thread_cpus[(uk_thread_cpu_number(c) + i) % uk_thread_cpus_started];

		if (__atomic_load_n(&o->ready, __ATOMIC_SEQ_CST) == 0)
			continue;
		uk_lock_acquire(&o->lock);
		uk_thread_charge(o, uk_thread_now());
		e = POLICY->steal(o->queue, may_move, c);
		if (e) {
			o->ready--;
			thread_of(e)->queued = false;
		}
		uk_lock_release(&o->lock);
	}
	if (!e)
		return false;
	uk_lock_acquire(&c->lock);
	enqueue(c, thread_of(e), UK_SCHED_MOVED);
	uk_lock_release(&c->lock);
	return true;
}
