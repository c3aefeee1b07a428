/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Generating signals: for the process or for one thread. */

#include <unistd.h>

#include "internal.h"

static const union sigval nothing;

/* What thread.c replaces: there is one thread, and nothing that could interrupt it but itself. */
UK_WEAK struct uk_signal_thread *uk_signal_of(struct uk_thread *t UK_UNUSED)
{
	return &uk_signal_self;
}

UK_WEAK void uk_signal_choose(int number UK_UNUSED, bool here UK_UNUSED)
{
}

UK_WEAK void uk_signal_post(struct uk_thread *t UK_UNUSED)
{
}

UK_WEAK void uk_signal_forget(int number)
{
	uk_signal_queue_drop(&uk_signal_self.pending, number);
}

UK_WEAK bool uk_signal_held(int number)
{
	return uk_signal_self.blocked & uk_signal_bit(number);
}

UK_WEAK void uk_signal_withdraw(struct uk_signal_entry *e)
{
	uk_signal_queue_remove(&uk_signal_self.pending, e);
}

/* Whether it is to be thrown away. A blocked one is kept: its action may change, or somebody wait for it. */
static bool discarded(int number, const struct uk_signal_thread *s)
{
	if (!uk_signal_ignored(number) || (uk_signal_waiting && (uk_signal_awaited & uk_signal_bit(number))))
		return false;
	return s ? !(s->blocked & uk_signal_bit(number)) : !uk_signal_held(number);
}

/* Have it delivered. */
static void dispatch(int number, struct uk_signal_thread *s, struct uk_thread *t, bool here)
{
	if (!s)
		uk_signal_choose(number, here);
	else if (!(s->blocked & uk_signal_bit(number)) && !(here && s == &uk_signal_self))
		uk_signal_post(t);
}

static void release(unsigned long state)
{
	const bool waiting = uk_signal_waiting;

	uk_lock_release_irq(&uk_signal_lock, state);
	if (waiting)
		uk_wait_wake(&uk_signal_waiters);
}

bool uk_signal_send(struct uk_signal_entry *e, struct uk_thread *t)
{
	const unsigned long state = uk_lock_acquire_irq(&uk_signal_lock);
	struct uk_signal_thread *s = t ? uk_signal_of(t) : NULL;
	const bool queued = !discarded(e->number, s);

	if (queued) {
		uk_signal_queue_add(s ? &s->pending : &uk_signal_process, e);
		dispatch(e->number, s, t, false);
	}
	release(state);
	return queued;
}

bool uk_signal_cancel(struct uk_signal_entry *e)
{
	const unsigned long state = uk_lock_acquire_irq(&uk_signal_lock);
	bool queued = e->queued;

	if (queued && !uk_signal_queue_remove(&uk_signal_process, e))
		uk_signal_withdraw(e);
	uk_lock_release_irq(&uk_signal_lock, state);
	return queued;
}

/* Only what carries a value of the program's is refused when there is no room for it. */
static int queue(struct uk_signal_queue *q, int number, int code, union sigval value)
{
	struct uk_signal_entry *e = uk_signal_entry_new();

	if (e) {
		*e = (struct uk_signal_entry){.number = number, .code = code, .first = getpid(), .value = value};
		uk_signal_queue_add(q, e);
		return 0;
	}
	if (code == SI_QUEUE)
		return -EAGAIN;
	q->bits |= uk_signal_bit(number);
	return 0;
}

int uk_signal_generate(int number, int code, union sigval value, struct uk_signal_thread *s, struct uk_thread *t,
		       bool here)
{
	const unsigned long state = uk_lock_acquire_irq(&uk_signal_lock);
	struct uk_signal_queue *q = s ? &s->pending : &uk_signal_process;
	int err = 0;

	if (!discarded(number, s)) {
		/* an ordinary signal is pending or not, it does not count */
		if (number >= SIGRTMIN || !(q->bits & uk_signal_bit(number)))
			err = queue(q, number, code, value);
		if (!err)
			dispatch(number, s, t, here);
	}
	release(state);
	return err;
}

void uk_signal_kernel(int number)
{
	uk_signal_generate(number, SI_KERNEL, nothing, NULL, NULL, false);
}

int uk_signal_raise(int number, bool unblocked)
{
	unsigned long state;

	if (unblocked) {
		state = uk_lock_acquire_irq(&uk_signal_lock);
		uk_signal_block(uk_signal_self.blocked & ~uk_signal_bit(number));
		uk_lock_release_irq(&uk_signal_lock, state);
	}
	uk_signal_generate(number, SI_USER, nothing, &uk_signal_self, NULL, true);
	uk_signal_deliver();
	return 0;
}

/* There is one process, and it is the only one of its group. */
static int send(pid_t pid, int number, int code, union sigval value)
{
	int err;

	if (number && !uk_signal_valid(number))
		return -EINVAL;
	if (pid != getpid())
		return -ESRCH;
	if (!number)
		return 0;
	err = uk_signal_generate(number, code, value, NULL, NULL, true);
	uk_signal_deliver();
	return err;
}

/* All processes (-1) are, as on Linux, all others. */
int kill(pid_t pid, int number)
{
	if (pid == 0)
		pid = getpid();
	else if (pid < -1)
		pid = -pid;
	return uk_signal_result(send(pid, number, SI_USER, nothing));
}

int killpg(pid_t group, int number)
{
	if (group < 0)
		return uk_signal_result(-EINVAL);
	return uk_signal_result(send(group ? group : getpid(), number, SI_USER, nothing));
}

int sigqueue(pid_t pid, int number, const union sigval value)
{
	return uk_signal_result(send(pid, number, SI_QUEUE, value));
}
