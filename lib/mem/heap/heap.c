/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Which heaps exist and who allocates from which.
 *
 * The default is, in this order: heap= of the command line, the choice of the configuration, the first provider linked.
 * heap.for= then gives single libraries instances of their own. All is decided once, in uk_heap_init(): from then on
 * every library's pointer is constant.
 *
 * Locking: the list of instances is read and changed under the lock of mem/heap (internal.h), but an instance is made
 * and unmade outside of it: it is not in the list then, so nobody else knows it. */

#include "internal.h"

#include <mem/heap/config.h>

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <uk/alloc.h>
#include <uk/base.h>
#include <uk/log.h>
#include <uk/param.h>
#include <uk/print.h>

UK_SET_DECLARE(heap, struct uk_heap_provider);
UK_SET_DECLARE(heap_user, struct uk_heap_user);

struct uk_heap *uk_heap_default;
struct uk_heap_instance uk_heap_instances[CONFIG_MEM_HEAP_MAX];

static const struct uk_heap_ops *picked; /* by heap= */
static const char *assignments = CONFIG_MEM_HEAP_FOR;

const struct uk_heap_ops *uk_heap_find(const char *name)
{
	UK_SET_EACH (heap, struct uk_heap_provider, it)
		if (!strcmp(it->ops->name, name))
			return it->ops;
	return NULL;
}

static int reject_heap(const char *name)
{
	char known[80] = "";
	size_t len = 0;

	UK_SET_EACH (heap, struct uk_heap_provider, it)
		if (len < sizeof(known))
			len += (size_t)uk_snprintf(known + len, sizeof(known) - len, " %s", it->ops->name);
	return uk_param_reject("unknown heap %s; built in:%s", name, known);
}

static int set_heap(const char *name)
{
	picked = uk_heap_find(name);
	return picked ? 0 : reject_heap(name);
}
UK_PARAM_FUNC("heap", set_heap, "the heap of every library that has no other");

/* The next word "libraries=heap" of a list: its start, its length, and the heap's name cut out; NULL at the end. */
static const char *next_assignment(const char **list, size_t *len, char *heap, size_t size)
{
	const char *word = *list;

	while (*word == ' ')
		word++;
	*len = strcspn(word, " ");
	*list = word + *len;
	const char *equals = memchr(word, '=', *len);
	size_t name = equals ? *len - (size_t)(equals - word) - 1 : 0;

	name = UK_MIN(name, size - 1);
	memcpy(heap, word + *len - name, name);
	heap[name] = 0;
	return *len ? word : NULL;
}

/* Does the word "a,b=heap" name this library? */
static bool names_library(const char *word, const char *library)
{
	size_t n = strlen(library);

	while (*word != '=' && *word != ' ' && *word) {
		size_t len = strcspn(word, ",= ");

		if (len == n && !memcmp(word, library, n))
			return true;
		word += len + (word[len] == ',');
	}
	return false;
}

static int set_assignments(const char *value)
{
	const char *rest = value;
	char name[24];
	size_t len;

	while (next_assignment(&rest, &len, name, sizeof(name)))
		if (!uk_heap_find(name))
			return name[0] ? reject_heap(name) : uk_param_reject("write library=heap");
	assignments = value;
	return 0;
}
UK_PARAM_FUNC("heap.for", set_assignments, "heaps of single libraries: library=heap ...");

/* Context: the lock held. */
static struct uk_heap_instance *find_slot(const struct uk_heap *h)
{
	for (size_t i = 0; i < CONFIG_MEM_HEAP_MAX; i++)
		if (uk_heap_instances[i].heap == h)
			return &uk_heap_instances[i];
	return NULL;
}

/* Put an instance into the list: 0, or -ENOSPC. The one of UK_HEAP_SINGLE may be there already. */
static int enlist(struct uk_heap *h, const char *label)
{
	unsigned long state = uk_heap_enter();
	struct uk_heap_instance *slot = find_slot(h);
	int err = 0;

	if (!slot) {
		slot = find_slot(NULL);
		if (slot)
			*slot = (struct uk_heap_instance){.heap = h, .label = label};
		else
			err = -ENOSPC;
	}
	uk_heap_leave(state);
	return err;
}

int uk_heap_create(const struct uk_heap_ops *ops, const char *label, struct uk_heap **h)
{
	int err = ops->create(h);

	if (err)
		return err;
	err = enlist(*h, label);
	if (err && ops->destroy)
		ops->destroy(*h);
	return err;
}

void uk_heap_destroy(struct uk_heap *h)
{
	unsigned long state;

	if (!h || !h->ops->destroy)
		return;
	state = uk_heap_enter();
	find_slot(h)->heap = NULL;
	uk_heap_leave(state);
	h->ops->destroy(h);
}

static const struct uk_heap_ops *default_ops(void)
{
	const struct uk_heap_ops *ops = picked;

	UK_SET_EACH (heap, struct uk_heap_provider, it)
		if (!picked && (!ops || it->chosen))
			ops = it->ops;
	return ops;
}

/* An instance for a word of heap.for=. */
static int create_assigned(const char *word, const char *name)
{
	const struct uk_heap_ops *ops = uk_heap_find(name);
	struct uk_heap *h;
	int err = ops ? uk_heap_create(ops, word, &h) : -ENOENT;

	if (err)
		uk_err("heap.for=%s: no heap %s (%d)", word, name, err);
	return err;
}

/* The first instance made for this word of heap.for=, else the first of that provider, else NULL. */
static struct uk_heap *find_assigned(const char *word, const char *name)
{
	struct uk_heap *of_word = NULL, *of_provider = NULL;
	unsigned long state = uk_heap_enter();

	for (size_t i = CONFIG_MEM_HEAP_MAX; i-- > 0;) {
		struct uk_heap *h = uk_heap_instances[i].heap;

		if (h && uk_heap_instances[i].label == word)
			of_word = h;
		if (h && !strcmp(h->ops->name, name))
			of_provider = h;
	}
	uk_heap_leave(state);
	return of_word ? of_word : of_provider;
}

struct uk_heap *uk_heap_for(const char *library)
{
	struct uk_heap *h;
	const char *rest = assignments, *word;
	char name[24];
	size_t len;

	while ((word = next_assignment(&rest, &len, name, sizeof(name)))) {
		h = names_library(word, library) ? find_assigned(word, name) : NULL;
		if (h)
			return h;
	}
	return uk_heap_default;
}

int uk_heap_init(void)
{
	const struct uk_heap_ops *ops = default_ops();
	const char *rest = assignments, *word;
	char name[24];
	size_t len;
	int err = ops ? uk_heap_create(ops, "default", &uk_heap_default) : -ENOENT;

	if (!ops)
		uk_err("no heap is built in: choose one under Default heap");
	while (!err && (word = next_assignment(&rest, &len, name, sizeof(name))))
		err = create_assigned(word, name);
	if (!err)
		UK_SET_EACH (heap_user, struct uk_heap_user, it)
			*it->heap = uk_heap_for(it->library);
	return err;
}
