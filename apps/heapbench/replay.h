/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The loop that is measured, as a template: define before including it
 *	REPLAY_NAME                     the function's name
 *	REPLAY_ALLOC(h, size)           size bytes aligned to 16
 *	REPLAY_ALIGNED(h, size, align)  at another alignment
 *	REPLAY_FREE(h, p)
 *	REPLAY_REALLOC(h, p, size)      p is not NULL, size not 0
 * so that each heap is called as its users call it: directly, by a table, through the dynamic linker. There is no
 * `#pragma once`, since a file may want it for several heaps. */

#include <stddef.h>

#include "trace.h"

/* Write what every program would: the beginning of a block, and a byte on each of its pages. */
static inline void replay_touch(char *p, size_t size)
{
	if (size >= sizeof(long))
		*(long *)(void *)p = (long)size;
	for (size_t i = 4096; i < size; i += 4096)
		p[i] = 1;
}

/* Run the operations of *t, keeping the blocks in slots[] (t->slots of them). 0, or -1 if the heap refused one: then
 * all blocks were given back. Context: thread. */
static int REPLAY_NAME(void *h, const struct trace *t, void **slots)
{
	(void)h;
	for (const struct trace_op *op = t->ops, *end = op + t->count; op < end; op++) {
		void **slot = &slots[op->slot], *p;

		if (op->kind == TRACE_FREE) {
			REPLAY_FREE(h, *slot);
			*slot = NULL;
			continue;
		}
		if (op->kind == TRACE_REALLOC)
			p = REPLAY_REALLOC(h, *slot, op->size ? op->size : 1);
		else
			p = op->align <= 4 ? REPLAY_ALLOC(h, op->size)
					   : REPLAY_ALIGNED(h, op->size, (size_t)1 << op->align);
		if (!p)
			goto refused;
		replay_touch(p, op->size);
		*slot = p;
	}
	return 0;
refused:
	for (size_t i = 0; i < t->slots; i++) {
		if (slots[i])
			REPLAY_FREE(h, slots[i]);
		slots[i] = NULL;
	}
	return -1;
}

#undef REPLAY_NAME
#undef REPLAY_ALLOC
#undef REPLAY_ALIGNED
#undef REPLAY_FREE
#undef REPLAY_REALLOC
