/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* timer_create() and its kin. */

#include <stdlib.h>

#include <uk/plat/cpu.h>
#include <uk/thread.h>

#include "timers.h"

#define IGNORED_INTERVAL 1000000u /* ns: how often a timer whose signal is ignored is looked at, at the most */

struct uk_lock uk_time_lock = UK_LOCK_INIT;

static struct uk_time_timer timers[TIMER_MAX];

static uint64_t now_of(const struct uk_time_timer *t)
{
	uint64_t ns = 0;

	if (t->clock == CLOCK_REALTIME && !t->absolute)
		return uk_plat_time_ns();
	return uk_time_read(t->clock, &ns) ? UINT64_MAX : ns; /* of a thread that has ended: it expires */
}

/* Have its interrupt come when it may have expired: all CPUs together may use the process's time up. */
static void arm(struct uk_time_timer *t)
{
	const uint64_t now = now_of(t);
	uint64_t left = t->expiry > now ? t->expiry - now : 0;

	if (t->clock == CLOCK_PROCESS_CPUTIME_ID)
		left /= uk_plat_cpus();
	uk_timer_set(&t->timer, uk_time_sum(uk_plat_time_ns(), left));
}

/* Set it for the first expiry behind now, and count those that are skipped, the one at t->expiry left out. */
static unsigned forward(struct uk_time_timer *t, uint64_t now, uint64_t at_least)
{
	uint64_t missed = 0;

	if (now > t->expiry)
		missed = (now - t->expiry) / t->interval;
	t->expiry = uk_time_sum(t->expiry, (missed + 1) * t->interval);
	if (t->expiry < uk_time_sum(now, at_least))
		t->expiry = uk_time_sum(now, at_least);
	return (unsigned)UK_MIN(missed, (uint64_t)DELAYTIMER_MAX);
}

/* It has expired; the lock is held. Whether a notification is due. */
static bool expire(struct uk_time_timer *t)
{
	const uint64_t now = now_of(t);

	if (!t->armed || t->fired)
		return false;
	if (now < t->expiry) {
		arm(t);
		return false;
	}
	t->armed = t->interval != 0;
	t->fired = true;
	if (!t->entry.queued && uk_list_empty(&t->notifying))
		return true;
	t->extra++;
	return false;
}

static void on_timer(struct uk_timer *timer)
{
	struct uk_time_timer *t = uk_container_of(timer, struct uk_time_timer, timer);
	unsigned long state = uk_lock_acquire_irq(&uk_time_lock);
	const bool due = expire(t);

	uk_lock_release_irq(&uk_time_lock, state);
	if (!due)
		return;
	if (t->notify == SIGEV_THREAD) {
		uk_time_notify(t);
	} else if (!uk_signal_send(&t->entry, t->target)) { /* ignored: nobody will take it */
		state = uk_lock_acquire_irq(&uk_time_lock);
		t->fired = false;
		if (t->armed) {
			forward(t, now_of(t), IGNORED_INTERVAL);
			arm(t);
		}
		uk_lock_release_irq(&uk_time_lock, state);
	}
}

int uk_time_timer_taken(struct uk_time_timer *t)
{
	const unsigned long state = uk_lock_acquire_irq(&uk_time_lock);
	uint64_t overrun = t->extra;
	int told;

	t->extra = 0;
	if (t->fired && t->armed) {
		overrun += forward(t, now_of(t), 0);
		arm(t);
	}
	t->fired = false;
	told = t->overrun = (int)UK_MIN(overrun, (uint64_t)DELAYTIMER_MAX);
	uk_lock_release_irq(&uk_time_lock, state);
	return told;
}

static void taken(struct uk_signal_entry *e, siginfo_t *info)
{
	info->si_overrun = uk_time_timer_taken(uk_container_of(e, struct uk_time_timer, entry));
}

void uk_time_timer_begin(struct uk_time_timer *t)
{
	if (!t->timer.function)
		uk_timer_init(&t->timer, on_timer);
	if (!t->notifying.next)
		uk_list_init(&t->notifying);
	t->entry.taken = taken;
	t->used = true;
	t->armed = t->fired = false;
	t->extra = 0;
	t->overrun = 0;
}

void uk_time_timer_start(struct uk_time_timer *t, bool absolute, uint64_t value, uint64_t interval)
{
	t->armed = t->fired = false;
	t->extra = 0;
	t->absolute = absolute;
	if (!value)
		return;
	t->expiry = absolute ? value : uk_time_sum(now_of(t), value);
	t->interval = interval;
	t->armed = true;
	if (t->notify != SIGEV_NONE)
		arm(t);
}

uint64_t uk_time_timer_left(struct uk_time_timer *t)
{
	const uint64_t now = now_of(t);

	if (!t->armed)
		return 0;
	if (now < t->expiry)
		return t->expiry - now;
	if (t->interval)
		return t->interval - (now - t->expiry) % t->interval;
	return t->notify == SIGEV_NONE ? 0 : 1;
}

void uk_time_rearm(void)
{
	const unsigned long state = uk_lock_acquire_irq(&uk_time_lock);

	for (unsigned i = 0; i < TIMER_MAX; i++) {
		struct uk_time_timer *t = &timers[i];

		if (t->used && t->armed && !t->fired && t->absolute && t->clock == CLOCK_REALTIME &&
		    t->notify != SIGEV_NONE)
			arm(t);
	}
	uk_lock_release_irq(&uk_time_lock, state);
}

/* The timer with this number, locked; NULL, not locked, if there is none. */
static struct uk_time_timer *find(timer_t id, unsigned long *state)
{
	const uintptr_t number = (uintptr_t)id - 1;

	if (number >= TIMER_MAX)
		return NULL;
	*state = uk_lock_acquire_irq(&uk_time_lock);
	if (timers[number].used)
		return &timers[number];
	uk_lock_release_irq(&uk_time_lock, *state);
	return NULL;
}

/* Supplied by posix/thread: threads by what gettid() says. */
struct uk_thread *uk_posix_thread_by_tid(pid_t tid) UK_WEAK;

/* 0, or what is wrong with it. */
static int check(clockid_t clock, const struct sigevent *event)
{
	uint64_t ns;

	if (uk_time_read(clock, &ns) || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_MONOTONIC_COARSE)
		return -EINVAL;
	if (clock < 0)
		return -ENOTSUP;
	switch (event->sigev_notify) {
	case SIGEV_NONE:
		return 0;
	case SIGEV_THREAD:
		return event->sigev_notify_function ? uk_time_notify_begin() : -EINVAL;
	case SIGEV_THREAD_ID:
		if (!uk_posix_thread_by_tid || !uk_posix_thread_by_tid(event->sigev_notify_thread_id))
			return -EINVAL;
		break;
	case SIGEV_SIGNAL:
		break;
	default:
		return -EINVAL;
	}
	return event->sigev_signo > 0 && event->sigev_signo < NSIG ? 0 : -EINVAL;
}

static void fill(struct uk_time_timer *t, clockid_t clock, const struct sigevent *event)
{
	t->clock = clock == CLOCK_THREAD_CPUTIME_ID ? uk_time_thread_clock(uk_thread_self()) : clock;
	t->notify = event->sigev_notify;
	t->function = event->sigev_notify_function;
	t->attributes = event->sigev_notify_attributes;
	t->target =
	    event->sigev_notify == SIGEV_THREAD_ID ? uk_posix_thread_by_tid(event->sigev_notify_thread_id) : NULL;
	t->entry.number = event->sigev_signo;
	t->entry.code = SI_TIMER;
	t->entry.value = event->sigev_value;
	t->entry.first = (int)(t - timers);
}

int timer_create(clockid_t clock, struct sigevent *restrict event, timer_t *restrict id)
{
	struct sigevent own = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};
	unsigned long state;
	int err = check(clock, event ? event : &own), at = 0;

	if (err)
		return uk_time_result(err);
	state = uk_lock_acquire_irq(&uk_time_lock);
	while (at < TIMER_MAX && (timers[at].used || timers[at].entry.queued))
		at++;
	if (at < TIMER_MAX) {
		own.sigev_value.sival_ptr = (void *)(uintptr_t)(at + 1);
		fill(&timers[at], clock, event ? event : &own);
		uk_time_timer_begin(&timers[at]);
	}
	uk_lock_release_irq(&uk_time_lock, state);
	if (at == TIMER_MAX)
		return uk_time_result(-EAGAIN);
	*id = (timer_t)(uintptr_t)(at + 1);
	return 0;
}

int timer_delete(timer_t id)
{
	unsigned long state;
	struct uk_time_timer *t = find(id, &state);

	if (!t)
		return uk_time_result(-EINVAL);
	t->armed = t->fired = t->used = false;
	uk_lock_release_irq(&uk_time_lock, state);
	if (t->notify == SIGEV_THREAD)
		uk_time_notify_cancel(t);
	else
		uk_signal_cancel(&t->entry);
	return 0;
}

static void tell(struct uk_time_timer *t, struct itimerspec *value)
{
	const uint64_t left = uk_time_timer_left(t);

	value->it_value = uk_time_spec(left);
	value->it_interval = uk_time_spec(left ? t->interval : 0);
}

int timer_settime(timer_t id, int flags, const struct itimerspec *restrict value, struct itimerspec *restrict old)
{
	uint64_t first, interval;
	unsigned long state;
	struct uk_time_timer *t;

	if (!value || !uk_time_valid(&value->it_value))
		return uk_time_result(-EINVAL);
	first = uk_time_ns(&value->it_value);
	if (first && !uk_time_valid(&value->it_interval))
		return uk_time_result(-EINVAL);
	interval = first ? uk_time_ns(&value->it_interval) : 0;
	t = find(id, &state);
	if (!t)
		return uk_time_result(-EINVAL);
	if (old)
		tell(t, old);
	uk_time_timer_start(t, flags & TIMER_ABSTIME, first, interval);
	uk_lock_release_irq(&uk_time_lock, state);
	return 0;
}

int timer_gettime(timer_t id, struct itimerspec *value)
{
	unsigned long state;
	struct uk_time_timer *t = find(id, &state);

	if (!t)
		return uk_time_result(-EINVAL);
	tell(t, value);
	uk_lock_release_irq(&uk_time_lock, state);
	return 0;
}

int timer_getoverrun(timer_t id)
{
	unsigned long state;
	struct uk_time_timer *t = find(id, &state);
	int overrun;

	if (!t)
		return uk_time_result(-EINVAL);
	overrun = t->overrun;
	uk_lock_release_irq(&uk_time_lock, state);
	return overrun;
}
