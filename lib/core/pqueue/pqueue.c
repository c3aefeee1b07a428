/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* A heap is a node with the list of its children, each a heap of its own that does not come before it. Two heaps are
 * melded by making one the first child of the other. When a node is taken out, its children are melded in pairs, and
 * the pairs from the last to the first: that is what keeps the average logarithmic. A detached heap has prev and next
 * of its root undefined. */

#include <stddef.h>
#include <uk/pqueue.h>

static bool comes_before(const struct uk_pqueue_node *a, const struct uk_pqueue_node *b)
{
	return a->key < b->key || (a->key == b->key && a->order < b->order);
}

/* One heap of two detached ones. */
static struct uk_pqueue_node *meld(struct uk_pqueue_node *a, struct uk_pqueue_node *b)
{
	struct uk_pqueue_node *top = comes_before(b, a) ? b : a, *below = top == a ? b : a;

	below->next = top->child;
	if (below->next)
		below->next->prev = below;
	below->prev = top;
	top->child = below;
	return top;
}

/* One heap of a list of siblings; NULL if there are none. */
static struct uk_pqueue_node *meld_siblings(struct uk_pqueue_node *first)
{
	struct uk_pqueue_node *pairs = NULL, *all;

	while (first) {
		struct uk_pqueue_node *pair = first, *second = first->next;

		first = second ? second->next : NULL;
		if (second)
			pair = meld(pair, second);
		pair->next = pairs;
		pairs = pair;
	}
	if (!pairs)
		return NULL;
	all = pairs;
	pairs = pairs->next;
	while (pairs) {
		struct uk_pqueue_node *pair = pairs;

		pairs = pairs->next;
		all = meld(all, pair);
	}
	return all;
}

static void set_root(struct uk_pqueue *q, struct uk_pqueue_node *n)
{
	q->root = n;
	if (!n)
		return;
	n->prev = n;
	n->next = NULL;
}

void uk_pqueue_add(struct uk_pqueue *q, struct uk_pqueue_node *n, uint64_t key)
{
	n->key = key;
	n->order = q->orders++;
	n->child = NULL;
	set_root(q, q->root ? meld(q->root, n) : n);
}

/* Take a node that is not the root, with all below it, out of its parent's list. */
static void detach(struct uk_pqueue_node *n)
{
	if (n->prev->child == n)
		n->prev->child = n->next;
	else
		n->prev->next = n->next;
	if (n->next)
		n->next->prev = n->prev;
}

void uk_pqueue_remove(struct uk_pqueue *q, struct uk_pqueue_node *n)
{
	struct uk_pqueue_node *rest = meld_siblings(n->child);

	if (n != q->root) {
		detach(n);
		rest = rest ? meld(q->root, rest) : q->root;
	}
	set_root(q, rest);
	n->child = n->next = n->prev = NULL;
}

struct uk_pqueue_node *uk_pqueue_pop(struct uk_pqueue *q)
{
	struct uk_pqueue_node *n = q->root;

	if (n)
		uk_pqueue_remove(q, n);
	return n;
}

struct uk_pqueue_node *uk_pqueue_next(const struct uk_pqueue_node *n)
{
	if (n->child)
		return n->child;
	while (!n->next) {
		while (n->prev->child != n) {
			if (n->prev == n)
				return NULL;
			n = n->prev;
		}
		n = n->prev;
	}
	return n->next;
}
