/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* SIGEV_THREAD: one thread waits for timers and makes a new thread for each notification. */

#include <pthread.h>
#include <stdlib.h>

#include <uk/thread.h>

#include "timers.h"

struct notification {
	void (*function)(union sigval value);
	union sigval value;
};

/* Supplied by posix/thread. */
int pthread_create(pthread_t *restrict thread, const pthread_attr_t *restrict attr, void *(*entry)(void *),
		   void *restrict arg) UK_WEAK;
int pthread_detach(pthread_t thread) UK_WEAK;

static struct uk_wait_queue waiting = UK_WAIT_QUEUE_INIT(waiting);
static struct uk_list due = UK_LIST_INIT(due); /* under the queue's lock */
static bool begun;

static void *notification(void *arg)
{
	const struct notification n = *(struct notification *)arg;

	free(arg);
	n.function(n.value);
	return NULL;
}

/* A thread that nobody waits for; the attributes are those of the program's. -EAGAIN without memory. */
static int run_thread(void *(*entry)(void *), void *arg, const pthread_attr_t *attributes)
{
	static const struct uk_thread_attr attr = {.name = "timer", .detached = true};
	struct uk_thread *t;
	pthread_t id;

	if (!pthread_create || !pthread_detach)
		return uk_thread_create(&t, &attr, entry, arg);
	if (pthread_create(&id, attributes, entry, arg))
		return -EAGAIN;
	pthread_detach(id);
	return 0;
}

static void notify(struct uk_time_timer *t)
{
	struct notification *n = malloc(sizeof(*n));

	if (n)
		*n = (struct notification){t->function, t->entry.value};
	uk_time_timer_taken(t);
	if (!n || run_thread(notification, n, t->attributes)) {
		uk_warn("no memory for the thread of a timer");
		free(n);
	}
}

/* The threads that it makes inherit its mask: they take no signals of the process. */
static void *make_threads(void *arg UK_UNUSED)
{
	struct uk_list *first;

	uk_signal_thread_start(~(uint64_t)0);
	for (;;) {
		uk_wait(&waiting, (first = uk_list_pop(&due)) != NULL, UK_WAIT_FOREVER);
		notify(uk_list_entry(first, struct uk_time_timer, notifying));
	}
	return NULL;
}

int uk_time_notify_begin(void)
{
	static const struct uk_thread_attr attr = {.name = "timers", .detached = true};
	struct uk_thread *t;
	int err;

	if (__atomic_exchange_n(&begun, true, __ATOMIC_RELAXED))
		return 0;
	err = uk_thread_create(&t, &attr, make_threads, NULL);
	if (err)
		begun = false;
	return err;
}

void uk_time_notify(struct uk_time_timer *t)
{
	const unsigned long state = uk_lock_acquire_irq(&waiting.lock);

	if (uk_list_empty(&t->notifying))
		uk_list_add_before(&due, &t->notifying);
	uk_wait_wake_locked(&waiting);
	uk_lock_release_irq(&waiting.lock, state);
}

void uk_time_notify_cancel(struct uk_time_timer *t)
{
	const unsigned long state = uk_lock_acquire_irq(&waiting.lock);

	uk_list_remove(&t->notifying);
	uk_lock_release_irq(&waiting.lock, state);
}
