/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Address-waits: a table of buckets, each with a list of the waiters whose addresses fall to it. A waiter lies on its
 * thread's stack with a wait queue of its own, so that moving it to another address needs no scheduler. It belongs
 * to its bucket until `woken` is set, under the locks of both; it may be gone as soon as its queue's is free. */

#include "internal.h"

#include <uk/assert.h>
#include <uk/futex.h>
#include <uk/list.h>

#define BUCKETS_LOG2 6
#define GOLDEN 0x9E3779B97F4A7C15u /* 2^64 divided by the golden ratio: spreads neighbours (Knuth, TAOCP 3, 6.4) */

struct bucket {
	struct uk_lock lock;
	struct uk_list waiters; /* no list while all zero */
};

struct waiter {
	struct uk_list link;
	const uint32_t *address;
	struct bucket *bucket; /* changed under the locks of the old and the new one */
	struct uk_wait_queue queue;
	bool woken;
};

static struct bucket buckets[1 << BUCKETS_LOG2];

static struct bucket *bucket_of(const uint32_t *address)
{
	return &buckets[(uint64_t)(uintptr_t)address * GOLDEN >> (64 - BUCKETS_LOG2)];
}

/* Interrupts are masked; so below. */
static void lock(struct bucket *b)
{
	uk_lock_acquire(&b->lock);
	if (!b->waiters.next)
		uk_list_init(&b->waiters);
}

/* In the order of their addresses. */
static void lock_both(struct bucket *a, struct bucket *b)
{
	lock(UK_MIN(a, b));
	if (a != b)
		lock(UK_MAX(a, b));
}

static void unlock_both(struct bucket *a, struct bucket *b)
{
	uk_lock_release(&a->lock);
	if (a != b)
		uk_lock_release(&b->lock);
}

/* The bucket is locked. */
static void wake(struct waiter *w)
{
	uk_list_remove(&w->link);
	uk_lock_acquire(&w->queue.lock);
	w->woken = true;
	uk_wait_wake_locked(&w->queue);
	uk_lock_release(&w->queue.lock);
}

/* Take w out of the bucket that it is in now, unless it has been woken. */
static void leave(struct waiter *w)
{
	struct bucket *b;

	for (;;) {
		b = __atomic_load_n(&w->bucket, __ATOMIC_RELAXED);
		lock(b);
		if (b == w->bucket)
			break;
		uk_lock_release(&b->lock);
	}
	if (!w->woken)
		uk_list_remove(&w->link);
	uk_lock_release(&b->lock);
}

/* Sleep as w, whose queue is locked. */
static int sleep(struct waiter *w, uint64_t deadline, bool interruptible)
{
	int error = 0;

	while (!w->woken && !(error = uk_lock_stop(deadline, interruptible)))
		uk_wait_block(&w->queue, deadline);
	uk_lock_release(&w->queue.lock);
	if (!error)
		return 0;
	leave(w);
	return w->woken ? 0 : error;
}

static int wait(const uint32_t *address, uint32_t expected, uint64_t deadline, bool interruptible)
{
	struct bucket *b = bucket_of(address);
	struct waiter w = {.address = address, .bucket = b, .queue = UK_WAIT_QUEUE_INIT(w.queue)};
	const unsigned long state = uk_plat_irq_save();
	int error = -EAGAIN;

	lock(b);
	if (__atomic_load_n(address, __ATOMIC_SEQ_CST) == expected) {
		uk_list_add_before(&b->waiters, &w.link);
		uk_lock_acquire(&w.queue.lock);
		uk_lock_release(&b->lock);
		error = sleep(&w, deadline, interruptible);
	} else {
		uk_lock_release(&b->lock);
	}
	uk_plat_irq_restore(state);
	return error;
}

int uk_futex_wait(const uint32_t *address, uint32_t expected, uint64_t deadline)
{
	return wait(address, expected, deadline, false);
}

int uk_futex_wait_interruptible(const uint32_t *address, uint32_t expected, uint64_t deadline)
{
	return wait(address, expected, deadline, true);
}

/* The bucket is locked. */
static unsigned wake_some(struct bucket *b, const uint32_t *address, unsigned n)
{
	unsigned done = 0;

	UK_LIST_EACH(&b->waiters, link)
	{
		struct waiter *w = uk_list_entry(link, struct waiter, link);

		if (done == n)
			break;
		if (w->address != address)
			continue;
		wake(w);
		done++;
	}
	return done;
}

unsigned uk_futex_wake(const uint32_t *address, unsigned n)
{
	struct bucket *b = bucket_of(address);
	const unsigned long state = uk_plat_irq_save();
	unsigned done;

	lock(b);
	done = wake_some(b, address, n);
	uk_lock_release(&b->lock);
	uk_plat_irq_restore(state);
	return done;
}

/* Both buckets are locked. */
static unsigned move_some(struct bucket *from, const uint32_t *address, struct bucket *to, const uint32_t *target,
			  unsigned n)
{
	struct uk_list moved = UK_LIST_INIT(moved);
	unsigned done = 0;

	UK_LIST_EACH(&from->waiters, link)
	{
		struct waiter *w = uk_list_entry(link, struct waiter, link);

		if (done == n)
			break;
		if (w->address != address)
			continue;
		uk_list_remove(link);
		uk_list_add_before(&moved, link);
		w->address = target;
		__atomic_store_n(&w->bucket, to, __ATOMIC_RELAXED);
		done++;
	}
	uk_list_splice(&to->waiters, &moved);
	return done;
}

int uk_futex_requeue(const uint32_t *address, uint32_t expected, unsigned wake, const uint32_t *target, unsigned move)
{
	struct bucket *from = bucket_of(address), *to = bucket_of(target);
	const unsigned long state = uk_plat_irq_save();
	int done = -EAGAIN;

	lock_both(from, to);
	if (__atomic_load_n(address, __ATOMIC_SEQ_CST) == expected) {
		done = (int)wake_some(from, address, wake);
		done += (int)move_some(from, address, to, target, move);
	}
	unlock_both(from, to);
	uk_plat_irq_restore(state);
	return done;
}
