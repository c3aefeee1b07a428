/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Merge sort whose every step is shared out evenly. Each thread owns a slice of the array and first sorts that. Then,
 * in rounds, neighbouring runs are merged, each thread producing its own slice of the result: where in the two
 * runs that begins is found by bisection (Deo, Jain, Medidi 1994), so no thread waits for another within a round. */

#include "sort.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#define RUN 16 /* as many numbers are sorted by insertion */

struct sort {
	uint32_t *values, *spare;
	size_t count;
	unsigned threads;
	enum {
		WAIT,
		GO,
		GIVE_UP
	} state;
	pthread_mutex_t lock; /* of state */
	pthread_cond_t changed;
	pthread_barrier_t round;
};

struct worker {
	struct sort *sort;
	unsigned number;
	pthread_t thread;
};

static void sort_by_insertion(uint32_t *v, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		uint32_t x = v[i];
		size_t k = i;

		for (; k > 0 && v[k - 1] > x; k--)
			v[k] = v[k - 1];
		v[k] = x;
	}
}

/* Write count numbers of the merge of the runs a and b to out. */
static void merge(uint32_t *out, size_t count, const uint32_t *a, const uint32_t *a_end, const uint32_t *b,
		  const uint32_t *b_end)
{
	for (; count > 0 && a < a_end && b < b_end; count--) {
		bool second = *b < *a; /* without a branch that cannot be predicted */

		*out++ = second ? *b : *a;
		b += second;
		a += !second;
	}
	memcpy(out, a < a_end ? a : b, count * sizeof(*out));
}

/* Sort the slice v with the same slice of the spare array; `result` is one of the two. */
static void sort_slice(uint32_t *v, uint32_t *spare, size_t count, uint32_t *result)
{
	uint32_t *from = v, *to = spare;

	for (size_t i = 0; i < count; i += RUN)
		sort_by_insertion(v + i, count - i < RUN ? count - i : RUN);
	for (size_t width = RUN; width < count; width *= 2) {
		for (size_t i = 0; i < count; i += 2 * width) {
			size_t half = count - i < width ? count - i : width;
			size_t both = count - i < 2 * width ? count - i : 2 * width;

			merge(to + i, both, from + i, from + i + half, from + i + half, from + i + both);
		}
		uint32_t *t = from;

		from = to;
		to = t;
	}
	if (from != result)
		memcpy(result, from, count * sizeof(*result));
}

/* How many of the first `rank` numbers of the merge of the runs a and b come from a. */
static size_t split(size_t rank, const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count)
{
	size_t low = rank > b_count ? rank - b_count : 0, high = rank < a_count ? rank : a_count;

	while (low < high) {
		size_t i = low + (high - low) / 2;

		if (a[i] <= b[rank - i - 1])
			low = i + 1;
		else
			high = i;
	}
	return low;
}

static size_t bound(const struct sort *s, size_t slice)
{
	return s->count / s->threads * slice + (slice < s->count % s->threads ? slice : s->count % s->threads);
}

/* A thread's part of a round: runs of `width` slices become runs of twice that. */
static void merge_slice(const struct sort *s, unsigned number, unsigned width, const uint32_t *from, uint32_t *to)
{
	unsigned first = number / (2 * width) * (2 * width);
	size_t slices[3] = {first, first + width, first + 2 * width}, at[3];

	for (int i = 0; i < 3; i++)
		at[i] = bound(s, slices[i] < s->threads ? slices[i] : s->threads);
	const uint32_t *a = from + at[0], *b = from + at[1];
	size_t a_count = at[1] - at[0], b_count = at[2] - at[1];
	size_t begin = bound(s, number) - at[0], end = bound(s, number + 1) - at[0];
	size_t i = split(begin, a, a_count, b, b_count);

	merge(to + at[0] + begin, end - begin, a + i, a + a_count, b + (begin - i), b + b_count);
}

static void set_state(struct sort *s, int state)
{
	pthread_mutex_lock(&s->lock);
	s->state = state;
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
}

/* Wait until all threads are there. Whether they are. */
static bool all_there(struct sort *s)
{
	pthread_mutex_lock(&s->lock);
	while (s->state == WAIT)
		pthread_cond_wait(&s->changed, &s->lock);
	bool go = s->state == GO;

	pthread_mutex_unlock(&s->lock);
	return go;
}

/* Each round goes from one array to the other, the last one to s->values. */
static void *work(void *arg)
{
	struct worker *w = arg;
	struct sort *s = w->sort;
	size_t begin = bound(s, w->number), count = bound(s, w->number + 1) - begin;
	uint32_t *from = s->values, *to = s->spare;

	if (!all_there(s))
		return NULL;
	for (unsigned width = 1; width < s->threads; width *= 2) {
		uint32_t *t = from;

		from = to;
		to = t;
	}
	sort_slice(s->values + begin, s->spare + begin, count, from + begin);
	for (unsigned width = 1; width < s->threads; width *= 2) {
		pthread_barrier_wait(&s->round);
		merge_slice(s, w->number, width, from, to);
		uint32_t *t = from;

		from = to;
		to = t;
	}
	return NULL;
}

int sort_parallel(uint32_t *values, uint32_t *spare, size_t count, unsigned threads)
{
	struct sort s = {.values = values,
			 .spare = spare,
			 .count = count,
			 .threads = threads,
			 .lock = PTHREAD_MUTEX_INITIALIZER,
			 .changed = PTHREAD_COND_INITIALIZER};
	struct worker workers[SORT_THREADS_MOST] = {{.sort = &s}};
	unsigned made = 1;

	if (threads < 1 || threads > SORT_THREADS_MOST)
		return EINVAL;
	int err = pthread_barrier_init(&s.round, NULL, threads);

	if (err)
		return err;
	for (; made < threads && !err; made += !err) {
		workers[made] = (struct worker){.sort = &s, .number = made};
		err = pthread_create(&workers[made].thread, NULL, work, &workers[made]);
	}
	set_state(&s, err ? GIVE_UP : GO);
	work(&workers[0]);
	while (--made > 0)
		pthread_join(workers[made].thread, NULL);
	pthread_barrier_destroy(&s.round);
	return err;
}
