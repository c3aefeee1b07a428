/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Waiting with a scheduler: what core/wait leaves open. */

#include "internal.h"

#include <uk/arch/cpu.h>

static void timed_out(struct uk_timer *timer)
{
	uk_thread_ready(uk_container_of(timer, struct uk_thread, timeout), UK_SCHED_WAKE);
}

/* The stores before are seen by who reads what is loaded after. */
static void order(void)
{
	if (UK_SMP)
		uk_arch_mb();
}

int uk_wait_interrupted(void)
{
	struct uk_thread *t = uk_thread_self();

	__atomic_store_n(&t->interruptible, true, __ATOMIC_RELAXED);
	order();
	return __atomic_load_n(&t->interrupted, __ATOMIC_RELAXED) ? -EINTR : 0;
}

/* Wait, until somebody makes the thread READY; the queue's lock is not held. */
static void sleep(struct uk_thread *t, uint64_t deadline)
{
	if (deadline == UK_WAIT_FOREVER) {
		uk_thread_schedule(UK_SCHED_WAKE);
		return;
	}
	t->timeout.function = timed_out;
	if (uk_thread_timer_add(uk_thread_this_cpu(), &t->timeout, deadline))
		uk_thread_this_cpu()->unarmed = true;
	uk_thread_schedule(UK_SCHED_WAKE);
	uk_timer_cancel(&t->timeout);
}

static struct uk_thread *waiter_at(struct uk_list *link)
{
	return uk_list_entry(link, struct uk_thread, waiting);
}

unsigned uk_wait_priority(const struct uk_wait_queue *q)
{
	if (!q)
		return uk_thread_self()->entity.params.priority;
	if (!q->waiters.next || uk_list_empty(&q->waiters))
		return 0;
	return waiter_at(q->waiters.next)->entity.params.priority;
}

/* Behind those that are as urgent: POSIX.1-2017 wants the most urgent waiter to be the first to go on. */
static void enqueue(struct uk_wait_queue *q, struct uk_thread *t)
{
	struct uk_list *before = &q->waiters;

	while (before->prev != &q->waiters &&
	       waiter_at(before->prev)->entity.params.priority < t->entity.params.priority)
		before = before->prev;
	uk_list_add_before(before, &t->waiting);
}

/* The thread was woken for the sake of its posted work, in a wait that nothing may end: do it, in no queue meanwhile.
 */
static void work_between(struct uk_wait_queue *q)
{
	uk_lock_release(&q->lock);
	uk_plat_irq_enable();
	uk_thread_work();
	uk_plat_irq_save();
	uk_lock_acquire(&q->lock);
}

bool uk_wait_block(struct uk_wait_queue *q, uint64_t deadline)
{
	struct uk_thread *t = uk_thread_self();
	const bool interruptible = t->interruptible;
	bool woken;

	if (uk_unlikely(!uk_thread_cpus[0].idle)) { /* before level SCHED: as without a scheduler */
		uk_lock_release(&q->lock);
		uk_plat_idle(deadline);
		uk_lock_acquire(&q->lock);
		return false;
	}
	enqueue(q, t);
	__atomic_store_n(&t->state, UK_THREAD_WAITING, __ATOMIC_RELAXED);
	order();
	if (interruptible ? __atomic_load_n(&t->interrupted, __ATOMIC_RELAXED)
			  : __atomic_load_n(&t->work, __ATOMIC_RELAXED) != NULL)
		uk_thread_ready(t, UK_SCHED_WAKE);
	uk_lock_release(&q->lock);
	sleep(t, deadline);
	uk_lock_acquire(&q->lock);
	t->interruptible = false;
	woken = uk_list_empty(&t->waiting);
	uk_list_remove(&t->waiting);
	if (uk_unlikely(t->work != NULL) && !interruptible && !woken)
		work_between(q);
	return woken;
}

bool uk_wait_unblock(struct uk_wait_queue *q, bool all)
{
	struct uk_list *first = uk_list_pop(&q->waiters);
	const bool any = first != NULL;

	while (first) {
		uk_thread_ready(uk_list_entry(first, struct uk_thread, waiting), UK_SCHED_WAKE);
		first = all ? uk_list_pop(&q->waiters) : NULL;
	}
	return any;
}

void uk_thread_interrupt(struct uk_thread *t)
{
	const unsigned long state = uk_plat_irq_save();

	__atomic_store_n(&t->interrupted, true, __ATOMIC_RELAXED);
	order();
	if (__atomic_load_n(&t->interruptible, __ATOMIC_RELAXED))
		uk_thread_ready(t, UK_SCHED_WAKE);
	uk_plat_irq_restore(state);
}

bool uk_thread_interrupt_clear(void)
{
	struct uk_thread *t = uk_thread_self();

	t->interruptible = false;
	return __atomic_exchange_n(&t->interrupted, false, __ATOMIC_RELAXED);
}

void uk_thread_post(struct uk_thread *t, void (*work)(void))
{
	const unsigned long state = uk_plat_irq_save();

	__atomic_store_n(&t->work, work, __ATOMIC_RELEASE);
	__atomic_store_n(&t->interrupted, true, __ATOMIC_RELAXED);
	order();
	uk_thread_ready(t, UK_SCHED_WAKE); /* also from a wait that goes on afterwards */
	/* Where it runs, or ran last: if it is not there now, the interrupt does no harm, and the switch to it sees. */
	uk_plat_cpu_kick(UK_SMP ? __atomic_load_n(&t->cpu, __ATOMIC_RELAXED) : 0);
	uk_plat_irq_restore(state);
}

bool uk_thread_work(void)
{
	void (*work)(void) = __atomic_exchange_n(&uk_thread_self()->work, NULL, __ATOMIC_ACQUIRE);

	if (work)
		work();
	return work;
}

bool uk_wait_running(const void *tp)
{
	for (unsigned i = 0; UK_SMP && i < uk_thread_cpus_started; i++) {
		const struct uk_thread *t = __atomic_load_n(&uk_thread_cpus[i].current, __ATOMIC_RELAXED);

		if (t && t->tp == tp)
			return true;
	}
	return false;
}
