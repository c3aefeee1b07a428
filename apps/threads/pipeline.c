/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* A pipeline of four stages with bounded queues between them: one thread produces the numbers, three compute something
 * of each, one brings the results back into order, and the main thread consumes them. Right is: every number comes
 * once, in order, with the right result, and no queue was ever fuller than it may be. */

#include "queue.h"
#include "threads.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COMPUTERS 3

static struct {
	unsigned count;
	struct queue numbers, results, ordered;
	struct item *waiting; /* by number: results that came before their turn */
	unsigned lost;        /* what the third stage could not place */
} line;

/* Steps of the 3n+1 sequence from n to 1. */
static unsigned long steps(unsigned long n)
{
	unsigned long count = 0;

	for (; n > 1; count++)
		n = n % 2 ? 3 * n + 1 : n / 2;
	return count;
}

static void *produce(void *arg)
{
	for (unsigned n = 1; n <= line.count; n++)
		queue_put(&line.numbers, (struct item){n, 0});
	for (unsigned n = 0; n < COMPUTERS; n++)
		queue_put(&line.numbers, (struct item){0, 0});
	return arg;
}

static void *compute(void *arg)
{
	struct item item;

	do {
		item = queue_take(&line.numbers);
		item.value = steps(item.number);
		queue_put(&line.results, item);
	} while (item.number);
	return arg;
}

static void *bring_into_order(void *arg)
{
	unsigned next = 1;

	for (unsigned ends = 0; ends < COMPUTERS;) {
		struct item item = queue_take(&line.results);

		ends += item.number == 0;
		if (item.number < next || item.number > line.count || line.waiting[item.number].number) {
			line.lost += item.number != 0;
			continue;
		}
		line.waiting[item.number] = item;
		for (; next <= line.count && line.waiting[next].number; next++)
			queue_put(&line.ordered, line.waiting[next]);
	}
	queue_put(&line.ordered, (struct item){0, 0});
	return arg;
}

/* How many came as they should. */
static unsigned consume(unsigned long *sum)
{
	unsigned right = 0, expected = 1;
	struct item item;

	for (; (item = queue_take(&line.ordered)).number; expected++) {
		right += item.number == expected && item.value == steps(expected);
		*sum += item.value;
	}
	return right;
}

/* A stage that cannot be made would leave the others waiting for ever. */
static void start_stages(pthread_t *threads)
{
	void *(*const stages[COMPUTERS + 2])(void *) = {produce, compute, compute, compute, bring_into_order};

	for (unsigned i = 0; i < COMPUTERS + 2; i++) {
		int err = pthread_create(&threads[i], NULL, stages[i], &line);

		if (err) {
			printf("pipeline: stage %u: %s\n", i, strerror(err));
			exit(1);
		}
	}
}

static bool join_stages(pthread_t *threads)
{
	bool right = true;
	void *result;

	for (unsigned i = 0; i < COMPUTERS + 2; i++)
		right &= pthread_join(threads[i], &result) == 0 && result == &line;
	return right;
}

static bool flow(void)
{
	pthread_t threads[COMPUTERS + 2];
	unsigned long sum = 0;

	start_stages(threads);
	unsigned came = consume(&sum);
	bool right = join_stages(threads);

	printf("pipeline: %u of %u came right and in order, sum %lu, fullest queues %u %u %u of %u\n", came, line.count,
	       sum, line.numbers.fullest, line.results.fullest, line.ordered.fullest, QUEUE_SIZE);
	return right && came == line.count && line.lost == 0 && line.numbers.fullest <= QUEUE_SIZE &&
	       line.results.fullest <= QUEUE_SIZE && line.ordered.fullest <= QUEUE_SIZE;
}

bool pipeline(unsigned count)
{
	printf("pipeline: %u numbers through producer, %d computers, sorter, consumer\n", count, COMPUTERS);
	line.count = count;
	line.waiting = calloc((size_t)count + 1, sizeof(*line.waiting));
	if (!line.waiting || !queue_init(&line.numbers, false) || !queue_init(&line.results, true) ||
	    !queue_init(&line.ordered, false))
		return false;
	bool right = flow();

	right = queue_destroy(&line.numbers) && right;
	right = queue_destroy(&line.results) && right;
	right = queue_destroy(&line.ordered) && right;
	free(line.waiting);
	return right;
}
