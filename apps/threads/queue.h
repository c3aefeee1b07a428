/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Bounded queues between threads: put waits while the queue is full, take while it is empty. Two kinds that do the
 * same, one on condition variables, one on semaphores. */
#pragma once

#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>

#define QUEUE_SIZE 16

struct item {
	unsigned number; /* 0: the end */
	unsigned long value;
};

struct queue {
	bool semaphores; /* the kind */
	struct item items[QUEUE_SIZE];
	unsigned first, count, fullest;
	pthread_mutex_t lock;
	pthread_cond_t not_full, not_empty; /* kind 1 */
	sem_t places, filled;               /* kind 2 */
};

/* Make an empty queue of either kind; whether that worked. */
bool queue_init(struct queue *q, bool semaphores);

/* Free what it holds; nobody uses it any more. Whether that worked. */
bool queue_destroy(struct queue *q);

void queue_put(struct queue *q, struct item item);
struct item queue_take(struct queue *q);
