/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Signals and several threads. A thread's state is in its thread-local storage, at the same distance from the thread
 * pointer in all of them, so it needs no memory of its own and nobody has to register. */

#include <uk/thread.h>

#include "internal.h"

struct uk_signal_thread *uk_signal_of(struct uk_thread *t)
{
	const ptrdiff_t offset = (char *)&uk_signal_self - (char *)uk_thread_self()->tp;

	return (struct uk_signal_thread *)((char *)t->tp + offset);
}

/* Supplied by posix/thread: asynchronous cancellation, since only one function can be posted at a time. */
void uk_posix_thread_work(void) UK_WEAK;

/* A canceller uses the same flag. Whoever calls this looks for a cancellation afterwards, if it is a place for that. */
void uk_signal_interrupted(void)
{
	uk_thread_interrupt_clear();
	uk_thread_work();
}

/* Called by the thread itself in the middle of whatever it does. The flag stays as it is: at worst the next wait ends
 * for nothing, and uk_signal_again() has it go on. */
static void work(void)
{
	const int before = errno;

	uk_signal_deliver();
	if (uk_posix_thread_work)
		uk_posix_thread_work();
	errno = before;
}

void uk_signal_post(struct uk_thread *t)
{
	if (!t)
		t = uk_thread_self();
	/* one that has not begun does not have its mask yet: uk_signal_thread_start() will look */
	if (t->boot || t == uk_thread_self() || uk_signal_of(t)->member)
		uk_thread_post(t, work);
}

static bool over(const struct uk_thread *t)
{
	return t->state == UK_THREAD_ENDED || t->state == UK_THREAD_FREE;
}

struct choice {
	uint64_t bit;
	struct uk_thread *best;
	int rank;
	bool awaited;
};

/* The calling thread before the boot thread before all others. */
static bool consider(struct uk_thread *t, void *arg)
{
	struct choice *c = arg;
	const struct uk_signal_thread *s = uk_signal_of(t);
	const int rank = t == uk_thread_self() ? 3 : t->boot ? 2 : 1;

	if (over(t) || s->ended || !(s->member || t->boot))
		return true;
	c->awaited = s->awaited & c->bit;
	if (!c->awaited && !(s->blocked & c->bit) && rank > c->rank) {
		c->best = t;
		c->rank = rank;
	}
	return !c->awaited;
}

/* The thread cannot end meanwhile: to do so it needs the lock (uk_signal_thread_exit()). */
void uk_signal_choose(int number, bool here)
{
	struct choice c = {.bit = uk_signal_bit(number)};

	if (!uk_signal_waiting)
		consider(uk_thread_self(), &c); /* the usual case, which needs no look at the others */
	if (!c.best)
		uk_thread_each(consider, &c);
	if (c.best && !c.awaited && !(here && c.best == uk_thread_self()))
		uk_signal_post(c.best);
}

static bool drop(struct uk_thread *t, void *arg)
{
	if (!over(t))
		uk_signal_queue_drop(&uk_signal_of(t)->pending, *(const int *)arg);
	return true;
}

void uk_signal_forget(int number)
{
	uk_thread_each(drop, &number);
}

static bool look_for_holder(struct uk_thread *t, void *arg)
{
	struct choice *c = arg;

	if (uk_signal_thread_member(t) && (uk_signal_of(t)->blocked & c->bit))
		c->best = t;
	return !c->best;
}

bool uk_signal_held(int number)
{
	struct choice c = {.bit = uk_signal_bit(number)};

	uk_thread_each(look_for_holder, &c);
	return c.best;
}

static bool withdraw(struct uk_thread *t, void *e)
{
	return over(t) || !uk_signal_queue_remove(&uk_signal_of(t)->pending, e);
}

void uk_signal_withdraw(struct uk_signal_entry *e)
{
	uk_thread_each(withdraw, e);
}

/* Supplied by posix/time: add up what a thread has used that ends. */
void uk_time_thread_exit(void) UK_WEAK;

void uk_signal_thread_start(uint64_t mask)
{
	const unsigned long state = uk_lock_acquire_irq(&uk_signal_lock);

	uk_signal_self.member = true;
	uk_signal_self.blocked = mask & ~UNBLOCKABLE;
	uk_lock_release_irq(&uk_signal_lock, state);
	work();
}

void uk_signal_thread_exit(void)
{
	const unsigned long state = uk_lock_acquire_irq(&uk_signal_lock);

	uk_signal_self.ended = true;
	uk_signal_self.member = false;
	uk_signal_block(~(uint64_t)0);
	while (uk_signal_self.pending.bits)
		uk_signal_queue_drop(&uk_signal_self.pending, __builtin_ctzl(uk_signal_self.pending.bits) + 1);
	uk_lock_release_irq(&uk_signal_lock, state);
	if (uk_time_thread_exit)
		uk_time_thread_exit();
}

bool uk_signal_thread_member(struct uk_thread *t)
{
	return !over(t) && (t->boot || uk_signal_of(t)->member);
}

int uk_signal_thread_kill(struct uk_thread *t, int number)
{
	static const union sigval nothing;
	struct uk_signal_thread *s = uk_signal_of(t);

	if (number && !uk_signal_valid(number))
		return -EINVAL;
	if (!number || s->ended)
		return 0;
	uk_signal_generate(number, SI_USER, nothing, s, t, true);
	if (s == &uk_signal_self)
		uk_signal_deliver();
	return 0;
}

/* Supplied by posix/thread: the thread with this number, NULL if it is no more. */
struct uk_thread *uk_posix_thread_find(unsigned long id) UK_WEAK;

int pthread_kill(pthread_t id, int number)
{
	struct uk_thread *t = uk_posix_thread_find ? uk_posix_thread_find(id) : NULL;

	return t ? -uk_signal_thread_kill(t, number) : ESRCH;
}
