/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What POSIX keeps for each thread, for the other POSIX libraries: signals, clocks, blocking calls.
 *
 * The state lies in the thread's own thread-local storage, all zero at first, so that every thread has it, also one
 * that uk_thread_create() made. The storage stays with struct uk_thread, so that looking at a stale one is harmless.
 *
 * A blocking call that signals and cancellation end is written like this:
 *
 *	uk_posix_thread_testcancel();
 *	uk_signal_begin();
 *	do
 *		err = uk_wait_interruptible(...);
 *	while (err == -EINTR && uk_posix_thread_again(true));
 *
 * and gives EINTR if a signal handler ran, while a cancelled thread does not return from the last line. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/base.h>
#include <uk/thread.h>

/* Bits of `cancel`. */
#define UK_POSIX_CANCEL_DISABLED 1u  /* PTHREAD_CANCEL_DISABLE */
#define UK_POSIX_CANCEL_ASYNC 2u     /* PTHREAD_CANCEL_ASYNCHRONOUS */
#define UK_POSIX_CANCEL_REQUESTED 4u /* somebody called pthread_cancel() */
#define UK_POSIX_CANCEL_ENDING 8u    /* it is on its way out: cancelled no more */

#define UK_POSIX_VALUES 8 /* of pthread_setspecific() that need no memory of their own */

struct uk_posix_value {
	void *data;
	uint32_t use; /* of the key: which of those that had this number; 0: nothing set */
};

struct uk_pthread_cleanup;
struct uk_posix_special;
struct uk_posix_waiter;

struct uk_posix_thread {
	struct uk_thread *thread; /* NULL until uk_posix_thread_self() or uk_posix_thread_id() is called */
	unsigned long id;         /* pthread_t; likewise 0 */
	uint32_t cancel;
	bool counted;              /* made by pthread_create(): the program ends with the last one */
	bool ended;                /* nothing should be sent to it any more */
	uint64_t mask;             /* of signals, as inherited */
	struct uk_thread *joining; /* whose end it waits for */
	struct uk_pthread_cleanup *cleanup;
	struct uk_posix_special *held;   /* robust and priority-changing mutexes that it holds */
	struct uk_posix_waiter *waiting; /* for such a one */
	unsigned priority;               /* its own while mutexes give it another */
	unsigned boosts;                 /* how many of them do */
	struct uk_posix_value values[UK_POSIX_VALUES];
	struct uk_posix_value **more_values;
};

/* The calling thread's; use the functions below. Context: a thread. */
extern _Thread_local struct uk_posix_thread uk_posix_thread_state;

/* Fill in thread and id. What the two functions below call the first time. */
void uk_posix_thread_attach(void);

/* The caller's state. Context: a thread. */
static inline struct uk_posix_thread *uk_posix_thread_self(void)
{
	if (!uk_posix_thread_state.thread)
		uk_posix_thread_attach();
	return &uk_posix_thread_state;
}

/* pthread_self(). Context: a thread. */
static inline unsigned long uk_posix_thread_id(void)
{
	if (!uk_posix_thread_state.id)
		uk_posix_thread_attach();
	return uk_posix_thread_state.id;
}

/* The thread with this pthread_t; NULL if there is none any more. It stays valid as memory, but may end at any
 * time. Context: any. */
struct uk_thread *uk_posix_thread_find(unsigned long id);

/* The pthread_t of a thread. Context: any. */
unsigned long uk_posix_thread_id_of(const struct uk_thread *t);

/* The state of a thread that is alive or to be joined, and whether it has reached its end (then nothing should be sent
 * to it any more). Context: any. */
struct uk_posix_thread *uk_posix_thread_of(const struct uk_thread *t);
bool uk_posix_thread_ended(const struct uk_thread *t);

/* Whether the thread will end at its next cancellation point. Context: any. */
static inline bool uk_posix_thread_cancelled(const struct uk_posix_thread *p)
{
	const uint32_t c = __atomic_load_n(&p->cancel, __ATOMIC_RELAXED);

	return (c & (UK_POSIX_CANCEL_DISABLED | UK_POSIX_CANCEL_REQUESTED | UK_POSIX_CANCEL_ENDING)) ==
	       UK_POSIX_CANCEL_REQUESTED;
}

/* End the caller as cancelled. Context: as below. */
_Noreturn void uk_posix_thread_cancel_now(void);

/* Cancellation point: ends the caller if it has been cancelled and allows that; else it does nothing.
 * Context: a thread, holding nothing that its cleanup handlers do not release. */
static inline void uk_posix_thread_testcancel(void)
{
	if (uk_unlikely(uk_posix_thread_cancelled(&uk_posix_thread_state)))
		uk_posix_thread_cancel_now();
}

/* A wait of the caller's was ended by -EINTR: end it if it has been cancelled, else run its signal handlers. Whether to
 * wait again, as uk_signal_again(). Context: as uk_posix_thread_testcancel(). */
bool uk_posix_thread_again(bool restart);

/* Asynchronous cancellation, if it is due: what posix/signal calls in the function that it gives to uk_thread_post(),
 * since only one can be posted. Context: as that function's. */
void uk_posix_thread_work(void);

/* What libc/newlib calls where it is linked with this library (weak there). cancel_point: before and after calls that
 * may block. pthread_start, pthread_exit: at the begin and the end of each thread. sysconf: as sysconf(), -EINVAL for
 * names that are not about threads. Context: a thread. */
void uk_libc_cancel_point(void);
void uk_libc_pthread_start(void);
void uk_libc_pthread_exit(void);
long uk_libc_sysconf(int name);
