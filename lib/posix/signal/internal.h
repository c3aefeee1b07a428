/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What the files of posix/signal share: POSIX.1-2017, XSH 2.4.
 *
 * One lock covers all of it: the actions, the queues and every thread's state; it comes before the locks of the
 * scheduler. A program that neither changes an action nor a mask links nothing of it but raise.c: everything else is
 * reached through uk_signal_engine, which sigaction(), sigprocmask() and their kin set. */
#pragma once

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

#include <uk/base.h>
#include <uk/lock.h>
#include <uk/signal.h>
#include <uk/wait.h>

#define UNBLOCKABLE (uk_signal_bit(SIGKILL) | uk_signal_bit(SIGSTOP))

struct uk_arch_regs;

/* Signals that wait for their delivery. */
struct uk_signal_queue {
	uint64_t bits;                 /* the numbers that are pending */
	struct uk_signal_entry *first; /* in the order in which they were sent; a number may lack its entry */
};

/* How a fault looked, for its handler. */
struct uk_signal_fault {
	int number, code;
	uintptr_t address, pc, sp, fp;
};

/* A handler that is to run on another stack. */
struct uk_signal_call;

/* The state of a thread. All zero for a new one. */
struct uk_signal_thread {
	uint64_t blocked;
	struct uk_signal_queue pending;
	uint64_t awaited; /* sigwait() is waiting for these */
	stack_t stack;    /* the alternate one; ss_size 0: none */
	struct uk_signal_fault fault;
	struct uk_signal_call *call;
	bool handled, broken; /* since uk_signal_begin(): a handler has run; one without SA_RESTART */
	bool member;          /* takes part in the signals of the process (the boot thread does without) */
	bool ended;
};

extern _Thread_local struct uk_signal_thread uk_signal_self;
extern struct uk_lock uk_signal_lock;
extern struct uk_signal_queue uk_signal_process;
extern struct sigaction uk_signal_actions[NSIG];
extern struct uk_wait_queue uk_signal_waiters; /* in sigwait() */

/* Set, to &uk_signal_full, by whoever makes that signals can do something else than their default. raise: in the
 * calling thread, unblocked before if so asked; deliver: uk_signal_deliver(); fault: as uk_cpu_fault(). */
struct uk_signal_engine {
	int (*raise)(int number, bool unblocked);
	void (*deliver)(void);
	bool (*fault)(struct uk_arch_regs *r, unsigned fault, uintptr_t address);
};
extern const struct uk_signal_engine *uk_signal_engine;
extern const struct uk_signal_engine uk_signal_full;
int uk_signal_raise(int number, bool unblocked);
bool uk_signal_fault(struct uk_arch_regs *r, unsigned fault, uintptr_t address);

static inline uint64_t uk_signal_bit(int number)
{
	return (uint64_t)1 << (number - 1);
}

static inline bool uk_signal_valid(int number)
{
	return number > 0 && number < NSIG;
}

/* -errno to -1 with errno. */
static inline int uk_signal_result(int value)
{
	if (value >= 0)
		return value;
	errno = -value;
	return -1;
}

/* What the signal does where nobody has decided otherwise; returns if that is nothing. Context: a thread. */
void uk_signal_default(int number);
bool uk_signal_default_ignored(int number);

/* Whether the signal would do nothing at all. Context: locked. */
bool uk_signal_ignored(int number);

/* An entry of the process's own store, or NULL, and back (others are not touched); put e at the end of q; take out the
 * first of the lowest number in the mask: that number and *info, or 0. *taken is what is to be called when the lock is
 * free; own entries are given back. drop: remove all with the number. Context: locked. */
struct uk_signal_entry *uk_signal_entry_new(void);
void uk_signal_entry_free(struct uk_signal_entry *e);
void uk_signal_queue_add(struct uk_signal_queue *q, struct uk_signal_entry *e);
int uk_signal_queue_take(struct uk_signal_queue *q, uint64_t mask, siginfo_t *info, struct uk_signal_entry **taken);
void uk_signal_queue_drop(struct uk_signal_queue *q, int number);
bool uk_signal_queue_remove(struct uk_signal_queue *q, struct uk_signal_entry *e);

/* Take a signal of the mask that is pending for the calling thread or the process: its number and *info; 0: none.
 * Context: a thread; the lock is free. */
int uk_signal_take(uint64_t mask, siginfo_t *info);

/* Run the handlers of all that is pending and not blocked. Context: a thread. */
void uk_signal_deliver(void);

/* Run the handler of one signal that has been taken. Context: a thread. */
void uk_signal_handle(int number, siginfo_t *info, const struct uk_signal_fault *fault);

/* Call run(call) on the stack that ends at top. Context: a thread. */
struct uk_signal_call {
	void (*run)(struct uk_signal_call *call);
	void *back;
	unsigned long state;
};
void uk_signal_call_on(void *top, struct uk_signal_call *call);

/* Where a handler with SA_ONSTACK is to begin, for code whose stack pointer is sp; NULL: where it is. */
void *uk_signal_stack_top(const struct sigaction *action, uintptr_t sp);

/* Change the mask of the calling thread; what that leaves to others is handed on. Context: locked. */
void uk_signal_block(uint64_t mask);

/* Generate a signal for the thread s, or for the process if s is NULL. t is s as the scheduler knows it; NULL for the
 * calling thread. `here`: the calling thread will call uk_signal_deliver(). 0, or -EAGAIN if it carries a value and
 * there is no room for that. Context: any; here a thread. */
int uk_signal_generate(int number, int code, union sigval value, struct uk_signal_thread *s, struct uk_thread *t,
		       bool here);

/* With threads (thread.c), and what stands in for it.
 * of: the state of a thread; NULL is the calling one. choose: have some thread deliver a signal of the process.
 * forget: drop the number from all threads' queues. All locked.
 * interrupted: the calling thread has seen its interruption. Context: a thread. */
struct uk_signal_thread *uk_signal_of(struct uk_thread *t);
void uk_signal_choose(int number, bool here);
void uk_signal_forget(int number);
bool uk_signal_held(int number);
void uk_signal_withdraw(struct uk_signal_entry *e);
void uk_signal_interrupted(void);

/* How many threads are in sigwait(), and what they wait for at the most. */
extern unsigned uk_signal_waiting;
extern uint64_t uk_signal_awaited;
