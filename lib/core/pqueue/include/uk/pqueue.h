/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Intrusive priority queues: the element with the smallest key comes first, among equal keys the one that was put in
 * first. Pairing heaps (Fredman, Sedgewick, Sleator, Tarjan 1986): putting in takes constant time, taking out
 * logarithmic time on average. No function allocates; none locks: that is the owner's. All may be called in any
 * context. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/base.h>

/* The link of an element in its structure. All zero is one that is in no queue. */
struct uk_pqueue_node {
	uint64_t key;
	uint64_t order;                             /* among equal keys */
	struct uk_pqueue_node *child, *next, *prev; /* prev: the sibling before, or the parent; itself at the root */
};

/* A queue. All zero is an empty one. */
struct uk_pqueue {
	struct uk_pqueue_node *root;
	uint64_t orders; /* elements put in so far */
};

/* The element of the given type whose node is at ptr. */
#define uk_pqueue_entry(ptr, type, member) uk_container_of(ptr, type, member)

/* The first node, NULL if there is none; it stays in the queue. Context: any. */
static inline struct uk_pqueue_node *uk_pqueue_first(const struct uk_pqueue *q)
{
	return q->root;
}

/* Whether the node is in a queue. Context: any. */
static inline bool uk_pqueue_queued(const struct uk_pqueue_node *n)
{
	return n->prev != NULL;
}

/* Put a node that is in no queue into q, with the given key. Context: any. */
void uk_pqueue_add(struct uk_pqueue *q, struct uk_pqueue_node *n, uint64_t key);

/* Take a node out of q, in which it is. Context: any. */
void uk_pqueue_remove(struct uk_pqueue *q, struct uk_pqueue_node *n);

/* Take out the first; NULL if there is none. Context: any. */
struct uk_pqueue_node *uk_pqueue_pop(struct uk_pqueue *q);

/* The one after n in a walk over all nodes of its queue that begins with the first, in no order otherwise; NULL after
 * the last. The queue must not change meanwhile. Context: any. */
struct uk_pqueue_node *uk_pqueue_next(const struct uk_pqueue_node *n);
