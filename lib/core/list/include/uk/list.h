/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Intrusive lists: struct uk_list, circular and doubly linked, and struct uk_stack, singly linked, last in first out.
 * No function allocates; none locks: that is the owner's. All may be called in any context. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <uk/base.h>

/* A list head, or the link of an element in its structure. A link that is in no list points to itself once it
 * was initialised or removed. */
struct uk_list {
	struct uk_list *next, *prev;
};

#define UK_LIST_INIT(head)                                                                                             \
	{                                                                                                              \
		&(head), &(head)                                                                                       \
	}

/* The element of the given type whose link is at ptr. */
#define uk_list_entry(ptr, type, member) uk_container_of(ptr, type, member)

/* Run the statement for each link of the list; the link may be removed in it. */
#define UK_LIST_EACH(head, link)                                                                                       \
	for (struct uk_list *link = (head)->next, *link##_next = link->next; link != (head);                           \
	     link = link##_next, link##_next = link->next)

/* Make l an empty list, or a link that is in none. Context: any. */
static inline void uk_list_init(struct uk_list *l)
{
	l->next = l->prev = l;
}

/* Whether the list has no element, or the link is in no list. Context: any. */
static inline bool uk_list_empty(const struct uk_list *l)
{
	return l->next == l;
}

/* Put link after (before) position: at the front (end) of the list when position is its head. The link
 * must not be in a list. Context: any. */
static inline void uk_list_add_after(struct uk_list *position, struct uk_list *link)
{
	link->next = position->next;
	link->prev = position;
	position->next->prev = link;
	position->next = link;
}

/* See uk_list_add_after(). Context: any. */
static inline void uk_list_add_before(struct uk_list *position, struct uk_list *link)
{
	uk_list_add_after(position->prev, link);
}

/* Take link out of its list; does nothing if it is in none. Context: any. */
static inline void uk_list_remove(struct uk_list *link)
{
	link->prev->next = link->next;
	link->next->prev = link->prev;
	uk_list_init(link);
}

/* Take the first link off the list; NULL if the list is empty. Context: any. */
static inline struct uk_list *uk_list_pop(struct uk_list *head)
{
	struct uk_list *first = head->next;

	if (first == head)
		return NULL;
	uk_list_remove(first);
	return first;
}

/* Move all elements of `from` to the end of `to`; `from` is empty then. Context: any. */
static inline void uk_list_splice(struct uk_list *to, struct uk_list *from)
{
	if (uk_list_empty(from))
		return;
	from->next->prev = to->prev;
	to->prev->next = from->next;
	from->prev->next = to;
	to->prev = from->prev;
	uk_list_init(from);
}

/* A singly linked list, or the link of an element; next is NULL at the end. */
struct uk_stack {
	struct uk_stack *next;
};

/* Put link on top. Context: any. */
static inline void uk_stack_push(struct uk_stack *head, struct uk_stack *link)
{
	link->next = head->next;
	head->next = link;
}

/* Take the top off; NULL if there is none. Context: any. */
static inline struct uk_stack *uk_stack_pop(struct uk_stack *head)
{
	struct uk_stack *top = head->next;

	if (top)
		head->next = top->next;
	return top;
}
