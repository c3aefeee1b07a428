/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include "queue.h"

#include <errno.h>

bool queue_init(struct queue *q, bool semaphores)
{
	*q = (struct queue){.semaphores = semaphores};
	if (pthread_mutex_init(&q->lock, NULL))
		return false;
	if (semaphores)
		return !sem_init(&q->places, 0, QUEUE_SIZE) && !sem_init(&q->filled, 0, 0);
	return !pthread_cond_init(&q->not_full, NULL) && !pthread_cond_init(&q->not_empty, NULL);
}

bool queue_destroy(struct queue *q)
{
	if (pthread_mutex_destroy(&q->lock))
		return false;
	if (q->semaphores)
		return !sem_destroy(&q->places) && !sem_destroy(&q->filled);
	return !pthread_cond_destroy(&q->not_full) && !pthread_cond_destroy(&q->not_empty);
}

static void wait_for(sem_t *s)
{
	while (sem_wait(s) && errno == EINTR)
		;
}

static void append(struct queue *q, struct item item)
{
	q->items[(q->first + q->count++) % QUEUE_SIZE] = item;
	q->fullest = q->count > q->fullest ? q->count : q->fullest;
}

static struct item remove_first(struct queue *q)
{
	struct item item = q->items[q->first];

	q->first = (q->first + 1) % QUEUE_SIZE;
	q->count--;
	return item;
}

void queue_put(struct queue *q, struct item item)
{
	if (q->semaphores)
		wait_for(&q->places);
	pthread_mutex_lock(&q->lock);
	while (!q->semaphores && q->count == QUEUE_SIZE)
		pthread_cond_wait(&q->not_full, &q->lock);
	append(q, item);
	pthread_mutex_unlock(&q->lock);
	if (q->semaphores)
		sem_post(&q->filled);
	else
		pthread_cond_signal(&q->not_empty);
}

struct item queue_take(struct queue *q)
{
	if (q->semaphores)
		wait_for(&q->filled);
	pthread_mutex_lock(&q->lock);
	while (!q->semaphores && q->count == 0)
		pthread_cond_wait(&q->not_empty, &q->lock);
	struct item item = remove_first(q);

	pthread_mutex_unlock(&q->lock);
	if (q->semaphores)
		sem_post(&q->places);
	else
		pthread_cond_signal(&q->not_full);
	return item;
}
