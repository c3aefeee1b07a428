/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* SCHED_LOCK_DEBUG: a table of the locks that are held, and a list of the threads that wait for one.
 *
 * A deadlock is found by the thread that completes it: before it waits it follows holder, lock that the holder waits
 * for, its holder and so on; if that leads back to itself, and everybody waits without a deadline, nobody will ever go
 * on. A thread that is still in the list with a lock that it has just got is no error: the way ends there. `lock` comes
 * after all others but the console's, and nothing is printed under it. */

#include "internal.h"

#include <string.h>

#include <uk/assert.h>
#include <uk/base.h>
#include <uk/lock_debug.h>
#include <uk/print.h>
#include <uk/thread.h>

#define HELD_MAX 512
#define CYCLE_MAX 16 /* longer ones are not found */

struct held {
	const void *lock; /* NULL: a free entry */
	const char *kind;
	uintptr_t place; /* in the code */
	uint64_t self;
	const struct uk_thread *thread;
	uint32_t generation;
	char name[UK_THREAD_NAME];
};

static struct uk_lock lock = UK_LOCK_INIT;
static struct held table[HELD_MAX];
static size_t used; /* entries from here on are free */
static struct uk_list waits = UK_LIST_INIT(waits);
static unsigned errors, lost;

static bool alive(const struct held *h)
{
	return h->thread->generation == h->generation && h->thread->state != UK_THREAD_ENDED &&
	       h->thread->state != UK_THREAD_FREE;
}

static void print_held(const struct held *h)
{
	uk_printf("%s 0x%lx, locked at 0x%lx, is held by thread %s (0x%lx)%s\n", h->kind,
		  (unsigned long)(uintptr_t)h->lock, (unsigned long)h->place, h->name,
		  (unsigned long)(uintptr_t)h->thread, alive(h) ? "" : ", which has ended");
}

void uk_lock_debug_taken(const void *what, const char *kind, const void *place)
{
	const struct uk_thread *t = uk_thread_self();
	const unsigned long state = uk_lock_acquire_irq(&lock);
	size_t i = 0;

	while (i < used && table[i].lock)
		i++;
	if (i < HELD_MAX) {
		table[i] = (struct held){what, kind, (uintptr_t)place, uk_lock_self(), t, t->generation, ""};
		memcpy(table[i].name, t->name, UK_THREAD_NAME);
		used = UK_MAX(used, i + 1);
	} else {
		lost++;
	}
	uk_lock_release_irq(&lock, state);
}

/* Copy the i-th entry if it is in use; interrupts are masked only for that. */
static bool copy_entry(size_t i, struct held *copy)
{
	const unsigned long state = uk_lock_acquire_irq(&lock);

	*copy = table[i];
	uk_lock_release_irq(&lock, state);
	return copy->lock != NULL;
}

static bool find(const void *what, struct held *copy)
{
	for (size_t i = 0; i < HELD_MAX; i++)
		if (copy_entry(i, copy) && copy->lock == what)
			return true;
	return false;
}

/* The last entry in use is the likeliest: locks are given back in reverse order. */
static void forget(const void *what)
{
	for (size_t i = used; i-- > 0;) {
		if (table[i].lock != what)
			continue;
		table[i].lock = NULL;
		break;
	}
	while (used && !table[used - 1].lock)
		used--;
}

void uk_lock_debug_released(const void *what)
{
	const unsigned long state = uk_lock_acquire_irq(&lock);

	forget(what);
	uk_lock_release_irq(&lock, state);
}

void uk_lock_debug_error(const void *what, const char *text)
{
	struct held h;

	__atomic_fetch_add(&errors, 1, __ATOMIC_RELAXED);
	uk_printf("lock 0x%lx is %s by thread %s (0x%lx)\n", (unsigned long)(uintptr_t)what, text,
		  uk_thread_self()->name, (unsigned long)(uintptr_t)uk_thread_self());
	if (find(what, &h))
		print_held(&h);
}

static const struct uk_lock_wait *wait_of(uint64_t self)
{
	UK_LIST_EACH(&waits, link)
	{
		const struct uk_lock_wait *w = uk_list_entry(link, struct uk_lock_wait, link);

		if (w->self == self)
			return w;
	}
	return NULL;
}

/* Follow the way from w; the number of threads on it if it leads back, else 0. */
static unsigned follow(const struct uk_lock_wait *w, struct uk_lock_wait cycle[CYCLE_MAX])
{
	const uint64_t first = w->self;

	for (unsigned n = 0; n < CYCLE_MAX; n++) {
		uint64_t next;

		if (!w || w->deadline != UK_WAIT_FOREVER)
			return 0;
		cycle[n] = *w;
		next = uk_lock_peek(w->holder) & ~UK_LOCK_HOLDER_FLAGS;
		if (next == first)
			return n + 1;
		w = next == w->self ? NULL : wait_of(next);
	}
	return 0;
}

static void print_cycle(const struct uk_lock_wait *cycle, unsigned n)
{
	struct held h;

	for (unsigned i = 0; i < n; i++) {
		uk_printf("deadlock: thread %s (0x%lx) waits for this:\n", cycle[i].thread->name,
			  (unsigned long)(uintptr_t)cycle[i].thread);
		if (find(cycle[i].lock, &h))
			print_held(&h);
	}
	uk_thread_dump();
}

void uk_lock_debug_wait(struct uk_lock_wait *w, const void *what, const uint64_t *holder, uint64_t deadline)
{
	struct uk_lock_wait cycle[CYCLE_MAX];
	const unsigned long state = uk_lock_acquire_irq(&lock);
	unsigned n;

	*w = (struct uk_lock_wait){.lock = what, .holder = holder, .deadline = deadline, .self = uk_lock_self()};
	w->thread = uk_thread_self();
	uk_list_add_before(&waits, &w->link);
	n = follow(w, cycle);
	if (n)
		uk_list_remove(&w->link);
	uk_lock_release_irq(&lock, state);
	if (!n)
		return;
	print_cycle(cycle, n);
	UK_BUG("deadlock of %u threads", n);
}

void uk_lock_debug_waited(struct uk_lock_wait *w)
{
	const unsigned long state = uk_lock_acquire_irq(&lock);

	uk_list_remove(&w->link);
	uk_lock_release_irq(&lock, state);
}

/* Print the entries of one thread, or of all if self is 0. */
static unsigned report(uint64_t self)
{
	struct held h;
	unsigned n = 0;

	for (size_t i = 0; i < HELD_MAX; i++) {
		if (!copy_entry(i, &h) || (self && h.self != self))
			continue;
		print_held(&h);
		n++;
	}
	return n;
}

unsigned uk_lock_report(void)
{
	return report(0);
}

unsigned uk_lock_errors(void)
{
	return __atomic_load_n(&errors, __ATOMIC_RELAXED);
}

/* The entries are dropped, so that the next thread with the same thread pointer is not blamed for them. */
void uk_lock_thread_ends(void)
{
	const uint64_t self = uk_lock_self();
	const unsigned n = report(self);
	const unsigned long state = uk_lock_acquire_irq(&lock);

	for (size_t i = 0; i < used; i++)
		if (table[i].self == self)
			table[i].lock = NULL;
	uk_lock_release_irq(&lock, state);
	if (n)
		uk_printf("thread %s has ended with %u locks held\n", uk_thread_self()->name, n);
	__atomic_fetch_add(&errors, n != 0, __ATOMIC_RELAXED);
}

int uk_lock_debug_init(void)
{
	return 0;
}

void uk_lock_debug_fini(void)
{
	if (uk_lock_report())
		uk_printf("locks are held at the end\n");
	if (lost)
		uk_printf("%u locks were not watched: more than %u were held\n", lost, HELD_MAX);
}
