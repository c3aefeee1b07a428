/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* newlib's locks: recursive, cheap while nobody waits (one atomic exchange), and real as soon as there are threads: who
 * finds one taken waits on its queue. A lock that could not be allocated is not taken: newlib cannot be told.
 *
 * Rule: `owner` changes in one step, from NULL by who takes it, to NULL by who has it; only the owner touches `depth`.
 * Who waits counts itself in `waiters` before it looks a last time, under the queue's lock; the owner looks at
 * `waiters` after it has let go: so one of them sees the other. */
#include <stdbool.h>
#include <sys/lock.h>
#include <sys/reent.h>

#include <uk/alloc.h>
#include <uk/base.h>
#include <uk/wait.h>

struct __lock {
	void *owner; /* NULL: free */
	unsigned depth, waiters;
	struct uk_wait_queue queue;
};

#define LOCK(name) struct __lock __lock_##name = {.queue = UK_WAIT_QUEUE_INIT(__lock_##name.queue)}

LOCK(__sinit_recursive_mutex);
LOCK(__sfp_recursive_mutex);
LOCK(__atexit_recursive_mutex);
LOCK(__at_quick_exit_mutex);
LOCK(__malloc_recursive_mutex);
LOCK(__env_recursive_mutex);
LOCK(__tz_mutex);
LOCK(__dd_hash_mutex);
LOCK(__arc4random_mutex);

/* What tells one thread from another: where its pointer to the reentrancy structure lies. */
static void *self(void)
{
	return &uk_newlib_reent;
}

static bool take(struct __lock *l)
{
	void *nobody = NULL;

	return __atomic_compare_exchange_n(&l->owner, &nobody, self(), false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

void __retarget_lock_init_recursive(_LOCK_T *lock)
{
	struct __lock *l = uk_malloc(sizeof(*l));

	if (l) {
		l->owner = NULL;
		l->depth = l->waiters = 0;
		uk_wait_init(&l->queue);
	}
	*lock = l;
}

void __retarget_lock_init(_LOCK_T *lock)
{
	__retarget_lock_init_recursive(lock);
}

void __retarget_lock_close_recursive(_LOCK_T l)
{
	uk_free(l);
}

void __retarget_lock_close(_LOCK_T l)
{
	uk_free(l);
}

static void wait_for(struct __lock *l)
{
	__atomic_fetch_add(&l->waiters, 1, __ATOMIC_SEQ_CST);
	uk_wait(&l->queue, take(l), UK_WAIT_FOREVER);
	__atomic_fetch_sub(&l->waiters, 1, __ATOMIC_SEQ_CST);
}

int __retarget_lock_try_acquire_recursive(_LOCK_T l)
{
	if (!l)
		return 1;
	if (__atomic_load_n(&l->owner, __ATOMIC_RELAXED) != self() && !take(l))
		return 0;
	l->depth++;
	return 1;
}

void __retarget_lock_acquire_recursive(_LOCK_T l)
{
	if (__retarget_lock_try_acquire_recursive(l))
		return;
	wait_for(l);
	l->depth = 1;
}

void __retarget_lock_release_recursive(_LOCK_T l)
{
	if (!l || --l->depth)
		return;
	__atomic_store_n(&l->owner, NULL, __ATOMIC_SEQ_CST);
	if (__atomic_load_n(&l->waiters, __ATOMIC_SEQ_CST))
		uk_wait_wake(&l->queue);
}

/* newlib's plain locks are never taken twice by one thread, so the recursive ones serve. */
int __retarget_lock_try_acquire(_LOCK_T l)
{
	return __retarget_lock_try_acquire_recursive(l);
}

void __retarget_lock_acquire(_LOCK_T l)
{
	__retarget_lock_acquire_recursive(l);
}

void __retarget_lock_release(_LOCK_T l)
{
	__retarget_lock_release_recursive(l);
}
