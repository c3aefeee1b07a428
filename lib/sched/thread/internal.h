/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What the files of sched/thread share.
 *
 * Locking, always with interrupts masked, in this order: a wait queue's lock, a CPU's lock, a CPU's lock of timers.
 *  - A CPU's lock covers its queue, its `current`, and the state of the threads whose `cpu` it is. It is held across a
 *    switch: the thread that was switched to gives it back (finish_switch()), so whoever gets it finds every thread
 *    but `current` saved.
 *  - state becomes WAITING by the thread itself under the wait queue's lock, and READY under the lock of its CPU. In
 *    between it may still be running: who finds it so need not queue it, and schedule() goes on with it. */
#pragma once

#include <sched/thread/config.h>

#include <uk/base.h>
#include <uk/bind/sched.h>
#include <uk/lock.h>
#include <uk/plat/cpu.h>
#include <uk/plat/time.h>
#include <uk/thread.h>

struct uk_thread_cpu {
	struct uk_lock lock;
	bool resched;     /* current should give way at the next chance */
	bool slice_armed; /* the timer watches over current's slice: */
	bool dump;        /* the list of threads is to be printed on the way out of an interrupt */
	bool unarmed;     /* the clock is set too late for the first timer */
	unsigned ready;   /* entities in the queue */
	struct uk_thread *current, *idle;
	struct uk_thread *previous; /* what was switched from, for finish_switch() */
	struct uk_thread *dead;     /* ended and detached: to be recycled once it is switched from */
	void *queue;                /* of the policy */
	uint64_t switches;
	uint64_t slice_switches, slice_end; /* switches when it began to watch; when it looks */
	uint64_t charged;                   /* when current's time was last given to the policy */

	struct uk_lock timer_lock;
	struct uk_pqueue timers;
	struct uk_timer *timer_running; /* whose function is being called */
	uint64_t armed;                 /* what uk_plat_timer() is set to, at the latest */
} UK_ALIGNED(64);

extern struct uk_thread_cpu uk_thread_cpus[UK_CPUS];
extern unsigned uk_thread_cpus_started;
extern const struct uk_sched_ops *uk_thread_policy;

#ifdef UK_BIND_SCHED
extern const struct uk_sched_ops UK_BIND_SCHED;
#define POLICY (&UK_BIND_SCHED)
#else
#define POLICY uk_thread_policy
#endif

/* The lowest word of a stack without a guard page. */
#define UK_THREAD_CANARY 0x5bd1e995a4c93b1dull
extern const uint64_t uk_thread_canary;

/* Context of all below: interrupts masked. */

static inline struct uk_thread_cpu *uk_thread_this_cpu(void)
{
	return &uk_thread_cpus[UK_SMP ? uk_plat_cpu() : 0];
}

static inline unsigned uk_thread_cpu_number(const struct uk_thread_cpu *c)
{
	return UK_SMP ? (unsigned)(c - uk_thread_cpus) : 0;
}

/* Whether an address is in its stack. */
static inline bool uk_thread_owns(const struct uk_thread *t, uintptr_t at)
{
	return at - (uintptr_t)t->stack < t->stack_size;
}

static inline bool uk_thread_may_run(const struct uk_thread *t, unsigned cpu)
{
	return !UK_SMP || (t->affinity >> cpu & 1);
}

/* The time for the policy, if it wants any. */
static inline uint64_t uk_thread_now(void)
{
	return POLICY->timed ? uk_plat_time_ns() : 0;
}

/* Let the CPU do something else: the calling thread goes on when it is READY and picked again. why: YIELD or PREEMPT,
 * or WAKE for one that waits. */
void uk_thread_schedule(enum uk_sched_why why);

/* Give the policy the time that c's current has run since it was told last. c is locked. */
void uk_thread_charge(struct uk_thread_cpu *c, uint64_t now);

/* What every thread does first after a switch to it. */
void uk_thread_finish_switch(void);

/* Make a thread run that waits, or that begins (NEW). Does nothing if it is ready already. */
void uk_thread_ready(struct uk_thread *t, enum uk_sched_why why);

/* Put a READY thread that is nowhere into the queue of a CPU that it may run on. */
void uk_thread_place(struct uk_thread *t, enum uk_sched_why why);

/* Take a thread that is in a queue out of it; whether it was. Afterwards it is nowhere. Gives it new parameters unless
 * they are NULL, which may be changed while it is in no queue only. */
bool uk_thread_unqueue(struct uk_thread *t, const struct uk_sched_params *params);

/* Have a CPU look at its queue again, soon. */
void uk_thread_nudge(unsigned cpu);

/* Have the slice of c's current watched, if others wait there and the policy preempts. c is this CPU, locked. */
void uk_thread_watch_slice(struct uk_thread_cpu *c);

/* Deal with a slice of this CPU's current that is over, if it is. */
void uk_thread_end_slice(struct uk_thread_cpu *c);

/* Set this CPU's clock for the first of its timers and its slice. */
void uk_thread_arm(struct uk_thread_cpu *c);

/* Put a timer into this CPU's queue and leave the clock as it is. Whether it would fire too late: who is about to sleep
 * sets `unarmed` then, and schedule() sets the clock if the CPU does not idle next, which needs none. */
bool uk_thread_timer_add(struct uk_thread_cpu *c, struct uk_timer *t, uint64_t deadline);

/* Run the timers of this CPU that are due; returns when the next one is. */
uint64_t uk_thread_run_timers(struct uk_thread_cpu *c);

/* Take one thread from another CPU's queue into this one's. Whether there was one. */
bool uk_thread_steal(struct uk_thread_cpu *c);

/* A bit for each CPU that idles and has not been given work yet. */
extern uint64_t uk_thread_idle_cpus;

static inline void uk_thread_set_idle(struct uk_thread_cpu *c, bool idle)
{
	const uint64_t bit = (uint64_t)1 << uk_thread_cpu_number(c);

	if (UK_SMP && idle)
		__atomic_fetch_or(&uk_thread_idle_cpus, bit, __ATOMIC_SEQ_CST);
	else if (UK_SMP)
		__atomic_fetch_and(&uk_thread_idle_cpus, ~bit, __ATOMIC_SEQ_CST);
}

/* Zeroed memory, for good, on a cache line of its own; NULL if there is none. Context: thread. */
void *uk_thread_memory(size_t size);

/* Memory for a thread: the structure, its thread-local storage and, unless the attributes bring one, a stack. NULL if
 * there is none. Context of these two: thread. */
struct uk_thread *uk_thread_take(const struct uk_thread_attr *attr);
/* Give it back; its stack is not in use any more. Context: any. */
void uk_thread_recycle(struct uk_thread *t);

/* Make t, fresh from uk_thread_take(), ready to be switched to: it begins with first(). */
void uk_thread_prepare(struct uk_thread *t, const struct uk_thread_attr *attr, void (*first)(void));

/* The list of all structures, the newest first. */
extern struct uk_thread *uk_thread_list;

/* Put a structure into the list of all, for good. Context: any. */
void uk_thread_list_add(struct uk_thread *t);

/* Begin to count CPU time. Context: once, start. */
void uk_thread_cputime_init(void);

/* Report a stack overflow of t and end the system. */
_Noreturn void uk_thread_overflowed(struct uk_thread *t);
