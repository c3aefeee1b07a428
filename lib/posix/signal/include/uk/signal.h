/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What other libraries need of signals; programs use <signal.h>.
 *
 * A function that waits and is to be ended by signals waits like this:
 *
 *	uk_signal_begin();
 *	do
 *		err = uk_wait_interruptible(&queue, cond, deadline);
 *	while (err == -EINTR && uk_signal_again(true));
 *
 * A mask is what sigset_t is: bit n - 1 stands for signal n. */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

struct uk_thread;

/* A signal on its way, with what is sent along. It belongs to the caller of uk_signal_send() while it is queued. All
 * zero is one that is not. */
struct uk_signal_entry {
	struct uk_signal_entry *next; /* in its queue */
	/* It has been taken from the queue for delivery and may be sent again; may still change *info, what the
	 * receiver will see. Context: a thread, no lock held. */
	void (*taken)(struct uk_signal_entry *e, siginfo_t *info);
	int number, code;  /* si_signo, si_code */
	int first, second; /* si_pid and si_uid, or si_timerid and si_overrun */
	union sigval value;
	bool queued;
};

/* Queue e, which is not queued, for the thread, or for the process if t is NULL, and see to its delivery. false: the
 * signal is ignored, and e is not queued. Context: any, t alive. */
bool uk_signal_send(struct uk_signal_entry *e, struct uk_thread *t);

/* Take it back. Whether it was still queued. Context: any. */
bool uk_signal_cancel(struct uk_signal_entry *e);

/* Send the process a signal without anything else, as the system does: si_code is SI_KERNEL. Context: any. */
void uk_signal_kernel(int number);

/* Before a wait that signals are to end. Context: a thread. */
void uk_signal_begin(void);

/* After a wait has ended with -EINTR: run the handlers of what has arrived. Whether to go on waiting: no handler has
 * run since uk_signal_begin(), or, if restart, only ones with SA_RESTART. Context: a thread. */
bool uk_signal_again(bool restart);

/* Another mask for a wait, as pselect() and its kin want it; leave puts the former one back. enter says whether a
 * handler has run because of it: then there is nothing to wait for. Context: a thread, after uk_signal_begin(). */
bool uk_signal_mask_enter(uint64_t mask, uint64_t *before);
void uk_signal_mask_leave(uint64_t before);

/* The mask of the calling thread. Context: a thread. */
uint64_t uk_signal_mask(void);

/* Called by a new POSIX thread first, with the mask that it inherits; only threads that have called it, and the boot
 * thread, get the signals of the process. And called by each that ends, last: what is pending goes to others.
 * Context: a thread. */
void uk_signal_thread_start(uint64_t mask);
void uk_signal_thread_exit(void);

/* Have t, which is alive, deliver its signals soon, and call uk_posix_thread_work(). Only in images with threads.
 * Context: any. */
void uk_signal_post(struct uk_thread *t);

/* Whether t is such a thread and has not ended. Context: any. */
bool uk_signal_thread_member(struct uk_thread *t);

/* Have t, or the calling thread if NULL, run the handlers of what is pending for it, soon: in the middle of whatever it
 * runs, or when its wait has ended with -EINTR; and with them uk_posix_thread_work(), where there is one. Only in
 * images with threads. Context: any. */
void uk_signal_post(struct uk_thread *t);

/* pthread_kill() for a thread that is alive: 0 or -EINVAL. Only in images with threads. Context: a thread. */
int uk_signal_thread_kill(struct uk_thread *t, int number);
