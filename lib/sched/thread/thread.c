/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The life of a thread: create, end, join, detach. Fields that joiner and ended thread share are under the lock of
 * t->ended. */

#include "internal.h"

#include <errno.h>
#include <string.h>

#include <uk/arch/cpu.h>
#include <uk/arch/switch.h>
#include <uk/arch/tls.h>
#include <uk/assert.h>
#include <uk/boot.h>
#include <uk/page.h>

/* A C library that keeps nothing for each thread does not define these. */
UK_WEAK_REF void uk_libc_thread_start(void);
UK_WEAK_REF void uk_libc_thread_exit(void);
UK_WEAK_REF void uk_lock_thread_ends(void); /* of sched/lock */

static struct uk_lock admission = UK_LOCK_INIT;
static unsigned alive = 1;

/* Ask the policy for parameters, in place of old ones or for a new thread. */
static int admit(const struct uk_sched_params *old, const struct uk_sched_params *params)
{
	unsigned long state;
	int err;

	if (params->priority >= UK_SCHED_PRIORITIES)
		return -EINVAL;
	if (!POLICY->admit)
		return 0;
	state = uk_lock_acquire_irq(&admission);
	err = POLICY->admit(old, params, uk_thread_cpus_started);
	uk_lock_release_irq(&admission, state);
	return err;
}

static void leave(const struct uk_sched_params *params)
{
	unsigned long state;

	if (!POLICY->leave)
		return;
	state = uk_lock_acquire_irq(&admission);
	POLICY->leave(params);
	uk_lock_release_irq(&admission, state);
}

static void begin(void)
{
	struct uk_thread *t;

	uk_thread_finish_switch();
	t = uk_thread_self();
	uk_plat_irq_enable();
	if (uk_libc_thread_start)
		uk_libc_thread_start();
	uk_thread_exit(t->entry(t->arg));
}

static uint64_t all_cpus(void)
{
	return uk_thread_cpus_started == 64 ? UINT64_MAX : ((uint64_t)1 << uk_thread_cpus_started) - 1;
}

void uk_thread_name_set(struct uk_thread *t, const char *name)
{
	const char *text = name ? name : "";
	const size_t n = strnlen(text, UK_THREAD_NAME - 1);

	memcpy(t->name, text, n);
	memset(t->name + n, 0, UK_THREAD_NAME - n);
}

/* What begins anew with each thread that has the structure. */
static void reset(struct uk_thread *t, const struct uk_thread_attr *attr)
{
	t->detached = attr->detached;
	t->joined = t->interrupted = t->interruptible = t->queued = t->on_cpu = false;
	t->work = NULL;
	t->cycles = t->switches = 0;
	t->result = NULL;
	t->user = attr->user;
	t->cpu = (uint16_t)uk_plat_cpu();
	t->affinity = (attr->affinity ? attr->affinity : UINT64_MAX) & all_cpus();
	t->entity = (struct uk_sched_entity){.params = attr->params};
	t->canary = &uk_thread_canary;
	uk_list_init(&t->waiting);
	uk_thread_name_set(t, attr->name);
}

void uk_thread_prepare(struct uk_thread *t, const struct uk_thread_attr *attr, void (*first)(void))
{
	const uintptr_t top = UK_ALIGN_DOWN((uintptr_t)t->stack + t->stack_size, 16);
	uint64_t *lowest = (uint64_t *)UK_ALIGN_UP((uintptr_t)t->stack, sizeof(uint64_t));

	reset(t, attr);
	if (!t->guarded) {
		*lowest = UK_THREAD_CANARY;
		t->canary = lowest;
	}
	t->tp = uk_arch_tls_init(t->block);
	t->sp = uk_arch_switch_frame((void *)top, first);
}

static int check(const struct uk_thread_attr *attr)
{
	if (attr->stack_size < UK_THREAD_STACK_MIN || (attr->affinity && !(attr->affinity & all_cpus())))
		return -EINVAL;
	if (attr->stack_size > UK_PAGE_MAX << UK_PAGE_SHIFT)
		return attr->stack ? -EINVAL : -EAGAIN;
	return admit(NULL, &attr->params);
}

int uk_thread_create(struct uk_thread **t, const struct uk_thread_attr *attr, void *(*entry)(void *arg), void *arg)
{
	struct uk_thread_attr a = attr ? *attr : (struct uk_thread_attr){0};
	struct uk_thread *new;
	unsigned long state;
	int err;

	if (a.stack_size == 0)
		a.stack_size = (size_t)CONFIG_SCHED_THREAD_STACK << 10;
	err = check(&a);
	if (err)
		return err;
	new = uk_thread_take(&a);
	if (!new) {
		leave(&a.params);
		return -EAGAIN;
	}
	uk_thread_prepare(new, &a, begin);
	new->entry = entry;
	new->arg = arg;
	*t = new;
	if (a.made)
		a.made(new, a.made_arg);
	__atomic_fetch_add(&alive, 1, __ATOMIC_RELAXED);
	state = uk_plat_irq_save();
	new->state = UK_THREAD_READY;
	uk_thread_place(new, UK_SCHED_NEW);
	uk_plat_irq_restore(state);
	return 0;
}

_Noreturn void uk_thread_exit(void *result)
{
	struct uk_thread *t = uk_thread_self();

	if (uk_libc_thread_exit)
		uk_libc_thread_exit();
	if (uk_lock_thread_ends)
		uk_lock_thread_ends();
	if (__atomic_fetch_sub(&alive, 1, __ATOMIC_ACQ_REL) == 1)
		uk_boot_exit(0);
	leave(&t->entity.params);
	t->result = result;
	uk_plat_irq_save();
	uk_lock_acquire(&t->ended.lock);
	t->state = UK_THREAD_ENDED;
	if (t->detached && !t->boot)
		uk_thread_this_cpu()->dead = t;
	uk_wait_wake_locked(&t->ended);
	uk_lock_release(&t->ended.lock);
	uk_thread_schedule(UK_SCHED_WAKE);
	UK_BUG("thread %s goes on after its end", t->name);
}

/* t has ended, and it is the caller's to free. */
static void reap(struct uk_thread *t)
{
	while (UK_SMP && __atomic_load_n(&t->on_cpu, __ATOMIC_ACQUIRE))
		uk_arch_pause();
	if (!t->boot)
		uk_thread_recycle(t);
}

/* Wait for t's end under the lock of t->ended, interrupts masked. */
static int await_end(struct uk_thread *t, uint64_t deadline, bool interruptible)
{
	int err = 0;

	while (t->state != UK_THREAD_ENDED && !(err = uk_wait_expired(deadline)) &&
	       !(err = interruptible ? uk_wait_interrupted() : 0))
		uk_wait_block(&t->ended, deadline);
	return t->state == UK_THREAD_ENDED ? 0 : err;
}

int uk_thread_join(struct uk_thread *t, void **result, uint64_t deadline, bool interruptible)
{
	unsigned long state;
	int err = -EINVAL;

	if (t == uk_thread_self())
		return -EDEADLK;
	state = uk_lock_acquire_irq(&t->ended.lock);
	if (!t->detached && !t->joined) {
		t->joined = true;
		err = await_end(t, deadline, interruptible);
		t->joined = !err;
	}
	uk_lock_release_irq(&t->ended.lock, state);
	if (err)
		return err;
	if (result)
		*result = t->result;
	reap(t);
	return 0;
}

int uk_thread_detach(struct uk_thread *t)
{
	const unsigned long state = uk_lock_acquire_irq(&t->ended.lock);
	const bool may = !t->detached && !t->joined, ended = t->state == UK_THREAD_ENDED;

	if (may)
		t->detached = true;
	uk_lock_release_irq(&t->ended.lock, state);
	if (may && ended)
		reap(t);
	return may ? 0 : -EINVAL;
}

unsigned uk_thread_count(void)
{
	return __atomic_load_n(&alive, __ATOMIC_RELAXED);
}

int uk_thread_params_set(struct uk_thread *t, const struct uk_sched_params *params)
{
	const int err = admit(&t->entity.params, params);
	unsigned long state;
	bool queued;

	if (err)
		return err;
	state = uk_plat_irq_save();
	queued = uk_thread_unqueue(t, params);
	if (queued)
		uk_thread_place(t, UK_SCHED_YIELD);
	else if (t == uk_thread_self())
		uk_thread_schedule(UK_SCHED_PREEMPT); /* others may be more urgent now */
	else if (t->state == UK_THREAD_READY)
		uk_thread_nudge(t->cpu);
	uk_plat_irq_restore(state);
	return 0;
}

/* Whether t is on none of the CPUs that it must not run on, or in their queues. Interrupts are masked. */
static bool moved(struct uk_thread *t)
{
	const unsigned cpu = __atomic_load_n(&t->cpu, __ATOMIC_RELAXED);

	if (uk_thread_may_run(t, cpu) || t->state != UK_THREAD_READY)
		return true;
	if (t == uk_thread_self()) {
		uk_thread_schedule(UK_SCHED_PREEMPT);
	} else if (uk_thread_unqueue(t, NULL)) {
		uk_thread_place(t, UK_SCHED_MOVED);
	} else { /* it runs there */
		uk_thread_nudge(cpu);
	}
	return false;
}

int uk_thread_affinity_set(struct uk_thread *t, uint64_t affinity)
{
	unsigned long state;
	bool done;

	if (!(affinity & all_cpus()))
		return -EINVAL;
	__atomic_store_n(&t->affinity, affinity & all_cpus(), __ATOMIC_SEQ_CST);
	do {
		state = uk_plat_irq_save();
		done = moved(t);
		uk_plat_irq_restore(state);
	} while (!done);
	return 0;
}

int uk_thread_next_period(void)
{
	const unsigned long state = uk_plat_irq_save();
	struct uk_thread_cpu *c = uk_thread_this_cpu();
	uint64_t next = 0;

	uk_lock_acquire(&c->lock);
	uk_thread_charge(c, uk_thread_now());
	if (POLICY->next_period)
		next = POLICY->next_period(c->queue, &c->current->entity, uk_plat_time_ns());
	uk_lock_release(&c->lock);
	uk_plat_irq_restore(state);
	if (next == 0)
		return -ENOTSUP;
	uk_wait_until(next);
	return 0;
}
