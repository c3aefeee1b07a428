/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Threads. From level SCHED on, the boot thread and all others wait by uk_wait() without holding up the rest; which of
 * them runs when is decided by a policy (<uk/sched.h>), chosen in the configuration or by sched=NAME.
 *
 * Unless it says otherwise a function may be called by any thread from level SCHED on, not in an interrupt handler.
 * Functions that take a thread take one that is alive: created, and neither joined nor, if detached, ended. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/sched.h>
#include <uk/timer.h>
#include <uk/wait.h>

#define UK_THREAD_NAME 16 /* bytes of a name with its NUL */

enum uk_thread_state {
	UK_THREAD_READY,   /* in a CPU's queue, or running */
	UK_THREAD_WAITING, /* in uk_wait() */
	UK_THREAD_ENDED,   /* to be joined */
	UK_THREAD_FREE,    /* no thread: kept for the next one */
};

/* Everything in it belongs to sched/thread but `user`. It is never given back to the heap: a stale pointer to it still
 * points to such a structure, and `generation` says whether it is the same thread. */
struct uk_thread {
	void *sp;                      /* while it does not run */
	void *tp;                      /* thread pointer */
	const uint64_t *canary;        /* the lowest word of the stack, or one that never changes */
	uint8_t state;                 /* enum uk_thread_state */
	bool on_cpu;                   /* a CPU still stands on its stack */
	bool detached, joined;         /* nobody will join it; somebody has begun to */
	bool queued;                   /* in the queue of its CPU */
	bool interrupted;              /* see uk_thread_interrupt() */
	bool interruptible;            /* it is in, or about to begin, a wait that this ends */
	bool guarded, borrowed, boot;  /* the stack: has a guard page, belongs to the creator, is the boot stack */
	uint16_t cpu;                  /* where it runs, or ran last */
	uint32_t generation;           /* counts the threads that have had this structure */
	uint64_t affinity;             /* bit n: may run on CPU n */
	struct uk_sched_entity entity; /* what the policy sees */
	struct uk_list waiting;        /* in a wait queue */
	struct uk_timer timeout;       /* of that wait */
	void (*work)(void);            /* see uk_thread_post() */
	uint64_t cycles, since;        /* of the CPU: used so far; when it began to run this time */
	uint64_t switches;             /* how often it was given a CPU */
	void *(*entry)(void *arg);
	void *arg, *result;
	struct uk_wait_queue ended; /* the joiner */
	char *stack;                /* lowest byte, above the guard page */
	size_t stack_size;
	void *block;            /* thread-local storage as allocated */
	struct uk_thread *next; /* in the list of all structures */
	char name[UK_THREAD_NAME];
	void *user; /* of the POSIX layer */
};

/* How a thread is made; all zero is the default. */
struct uk_thread_attr {
	const char *name;              /* copied, cut to UK_THREAD_NAME */
	size_t stack_size;             /* bytes, at least UK_THREAD_STACK_MIN; 0: SCHED_THREAD_STACK */
	void *stack;                   /* memory of the caller's for it, without a guard page; NULL: taken for it */
	bool no_guard;                 /* a word that is checked instead of a guard page */
	bool detached;                 /* will not be joined */
	struct uk_sched_params params; /* for the policy */
	uint64_t affinity;             /* bit n: may run on CPU n; 0: on all */
	void *user;                    /* initial value of the field */
	/* called by the creator before the thread begins, if not NULL: its thread-local storage is there already */
	void (*made)(struct uk_thread *t, void *arg);
	void *made_arg;
};

#define UK_THREAD_STACK_MIN 4096

/* What uk_thread_self() returns; set by the scheduler only. */
extern _Thread_local struct uk_thread *uk_thread_current;

/* Make a thread that calls entry(arg); returning from it is uk_thread_exit() with what it returned. attr may be NULL.
 * *t is set before the thread begins. 0; -EAGAIN if there is no memory; -EINVAL for a stack too small, a priority
 * beyond UK_SCHED_PRIORITIES or an affinity without any CPU; -EBUSY if the policy cannot grant the parameters. */
int uk_thread_create(struct uk_thread **t, const struct uk_thread_attr *attr, void *(*entry)(void *arg), void *arg);

/* End the calling thread; a joiner gets the result. The boot thread's end does not end the system; that of the last
 * thread does, with status 0. */
_Noreturn void uk_thread_exit(void *result);

/* Wait until t has ended, store its result unless result is NULL, and free it: 0. -EDEADLK for the caller itself;
 * -EINVAL if it is detached or somebody else joins it already; -ETIMEDOUT at the deadline (UK_WAIT_FOREVER: none);
 * -EINTR if interruptible and the caller is interrupted. In the last two cases it can be joined again. */
int uk_thread_join(struct uk_thread *t, void **result, uint64_t deadline, bool interruptible);

/* Have t freed as soon as it ends. 0, or -EINVAL if it is detached or joined already. */
int uk_thread_detach(struct uk_thread *t);

/* The calling thread, never NULL; before level SCHED one that stands for the boot thread. Context: any. */
static inline struct uk_thread *uk_thread_self(void)
{
	return uk_thread_current;
}

/* Let others run that the policy finds worth it. */
void uk_thread_yield(void);

/* End t's uk_wait_interruptible(): the present one, or else its next one, returns -EINTR. Stays set until t calls
 * uk_thread_interrupt_clear(), which returns whether it was. Context: any; clear: a thread, for itself. */
void uk_thread_interrupt(struct uk_thread *t);
bool uk_thread_interrupt_clear(void);

/* The same, and have t call work() itself soon, with interrupts enabled, in the middle of whatever it runs if it is
 * running or preempted, with all registers preserved, or if it is in a wait that cannot be interrupted, which goes on
 * afterwards; if in one that can, only after -EINTR, when it next calls uk_thread_work(), which calls and clears what
 * was posted (whether there was any). One function can be posted at a time, the same any number of times.
 * Context: any; uk_thread_work() a thread, for itself. */
void uk_thread_post(struct uk_thread *t, void (*work)(void));
bool uk_thread_work(void);

/* New parameters for the policy. 0, -EINVAL, -EBUSY as in uk_thread_create(): then nothing has changed. */
int uk_thread_params_set(struct uk_thread *t, const struct uk_sched_params *params);

/* The CPUs that it may run on, bit n for CPU n. 0; -EINVAL if none of them exists. When it returns, t runs on none of
 * the others. */
int uk_thread_affinity_set(struct uk_thread *t, uint64_t affinity);

/* A periodic thread has done this period's work: wait for the next one. 0, -ENOTSUP if it has no period under this
 * policy. */
int uk_thread_next_period(void);

/* Change the name. Context: any. */
void uk_thread_name_set(struct uk_thread *t, const char *name);

/* CPU time used so far, in ns; a waiting thread's does not grow. Without SCHED_THREAD_CPUTIME 0. Context: any. */
uint64_t uk_thread_cputime(const struct uk_thread *t);

/* Bytes of the stack that were ever used (0 without SCHED_THREAD_MARKS; a recycled stack keeps its mark). */
size_t uk_thread_stack_peak(const struct uk_thread *t);

/* Threads that are alive or to be joined, the boot thread included; call f(t, arg) for each until it returns false,
 * under the lock of the list, interrupts masked. Context: any. */
unsigned uk_thread_count(void);
void uk_thread_each(bool (*f)(struct uk_thread *t, void *arg), void *arg);

/* Print all threads: name, state, CPU, CPU time, stack, backtrace. Context: any, the panic path included. */
void uk_thread_dump(void);

/* Init entry, level SCHED: make the boot thread one of many and start the other CPUs. 0, -ENOMEM, -ENOENT without a
 * policy. Called once, by core/boot. */
int uk_thread_init(void);
