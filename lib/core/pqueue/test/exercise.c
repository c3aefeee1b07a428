/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include "exercise.h"

#include <stddef.h>

#define NODES UK_PQUEUE_EXERCISE_NODES

/* The one that should be first; NODES if there is none. */
static unsigned model_first(const struct uk_pqueue_exercise *x)
{
	unsigned first = NODES;

	for (unsigned i = 0; i < NODES; i++) {
		if (!x->since[i])
			continue;
		if (first == NODES || x->keys[i] < x->keys[first] ||
		    (x->keys[i] == x->keys[first] && x->since[i] < x->since[first]))
			first = i;
	}
	return first;
}

/* Whether the walk meets each node in the queue once, and no other. */
static bool walk_is_right(const struct uk_pqueue_exercise *x)
{
	bool met[NODES] = {false};
	unsigned count = 0;

	for (const struct uk_pqueue_node *n = uk_pqueue_first(&x->queue); n; n = uk_pqueue_next(n)) {
		const size_t i = (size_t)(n - x->nodes);

		if (i >= NODES || met[i] || !x->since[i])
			return false;
		met[i] = true;
		count++;
	}
	return count == x->count;
}

static const char *judge(const struct uk_pqueue_exercise *x)
{
	const unsigned first = model_first(x);

	if (uk_pqueue_first(&x->queue) != (first == NODES ? NULL : &x->nodes[first]))
		return "another node is first";
	if (x->steps % 16 == 0 && !walk_is_right(x))
		return "the walk missed a node, or met one twice";
	return NULL;
}

static const char *pop(struct uk_pqueue_exercise *x)
{
	const unsigned first = model_first(x);
	const struct uk_pqueue_node *n = uk_pqueue_pop(&x->queue);

	if (first == NODES)
		return n ? "an empty queue gave a node" : NULL;
	if (n != &x->nodes[first])
		return "another node came out";
	x->since[first] = 0;
	x->count--;
	return uk_pqueue_queued(n) ? "what came out counts as queued" : NULL;
}

const char *uk_pqueue_exercise_step(struct uk_pqueue_exercise *x, unsigned kind, unsigned node, uint64_t key)
{
	const char *fault = NULL;

	node %= NODES;
	x->steps++;
	if (uk_pqueue_queued(&x->nodes[node]) != (x->since[node] != 0))
		return "queued is wrong";
	if (kind % 3 == 0) {
		fault = pop(x);
	} else if (x->since[node]) {
		uk_pqueue_remove(&x->queue, &x->nodes[node]);
		x->since[node] = 0;
		x->count--;
	} else {
		uk_pqueue_add(&x->queue, &x->nodes[node], key);
		x->keys[node] = key;
		x->since[node] = x->steps;
		x->count++;
	}
	return fault ? fault : judge(x);
}
