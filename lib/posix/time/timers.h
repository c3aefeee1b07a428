/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Timers that notify the program.
 *
 * A timer that has fired is set again only when its notification has been taken: so one with a short interval cannot
 * keep the CPU from everything else, and the expirations in between are counted as overruns (POSIX.1-2017, XSH 2.8.5).
 * Every time a timer's clock interrupt comes it looks whether there is something to do: so nothing has to be cancelled,
 * and a clock that was set, or that counts CPU time, only makes it come again.
 *
 * One lock covers all timers; it comes before the locks of sched/thread, and is not held while a signal is sent. */
#pragma once

#include <signal.h>

#include <uk/list.h>
#include <uk/lock.h>
#include <uk/signal.h>
#include <uk/timer.h>

#include "internal.h"

struct uk_time_timer {
	struct uk_signal_entry entry;
	struct uk_timer timer;
	clockid_t clock;
	bool used;
	bool armed;                /* will expire */
	bool fired;                /* has expired, and nobody has taken the notification yet */
	bool absolute;             /* follows the clock when it is set */
	uint64_t expiry, interval; /* ns of the clock; interval 0: once */
	unsigned extra;            /* expirations that found the notification of an earlier one still there */
	int overrun;               /* of the notification that was taken last */
	int notify;                /* SIGEV_... */
	struct uk_thread *target;  /* of SIGEV_THREAD_ID */
	void (*function)(union sigval value);
	const pthread_attr_t *attributes;
	struct uk_list notifying; /* in the queue of notify.c */
};

extern struct uk_lock uk_time_lock;

/* Begin a timer that is not used: stopped, the notification as in the fields, which the caller has set. Context:
 * locked. */
void uk_time_timer_begin(struct uk_time_timer *t);

/* Start it for a time of its clock, or ns from now if relative; 0 stops it. Context: locked. */
void uk_time_timer_start(struct uk_time_timer *t, bool absolute, uint64_t value, uint64_t interval);

/* How many ns until it expires, at least 1; 0 if it is stopped. Context: locked. */
uint64_t uk_time_timer_left(struct uk_time_timer *t);

/* The notification has been taken: count and set it again; the overruns. Context: not locked. */
int uk_time_timer_taken(struct uk_time_timer *t);

/* SIGEV_THREAD: make the thread that makes the threads, unless it is there: 0 or -EAGAIN; have it do so for t.
 * forget that. Context: a thread; any; any. */
int uk_time_notify_begin(void);
void uk_time_notify(struct uk_time_timer *t);
void uk_time_notify_cancel(struct uk_time_timer *t);
