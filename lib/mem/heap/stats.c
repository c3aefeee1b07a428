/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The statistics table of all heaps.
 *
 * Locking: the figures of one heap are copied under the lock of mem/heap, and printed after it, each line at once. */

#include "internal.h"

#include <mem/heap/config.h>

#include <stdbool.h>
#include <string.h>
#include <uk/page.h>
#include <uk/param.h>
#include <uk/print.h>

static bool wanted;
UK_PARAM_BOOL("heap.stats", wanted, "print statistics of all heaps at the end");

/* Numbers that a provider does not keep print as "-". */
static const char *number(char *buf, size_t size, uint64_t n)
{
	if (n == UINT64_MAX)
		return "-";
	uk_snprintf(buf, size, "%llu", (unsigned long long)n);
	return buf;
}

/* A line of the table. */
struct line {
	const char *name, *label;
	struct uk_heap_stats s;
};

/* Copy what there is to print of one instance; false for a free place. */
static bool look(struct line *l, const struct uk_heap_instance *it)
{
	unsigned long state = uk_heap_enter();
	struct uk_heap *h = it->heap;

	memset(&l->s, 0xff, sizeof(l->s));
	if (h) {
		l->name = h->ops->name;
		l->label = it->label;
		h->ops->stats(h, &l->s);
	}
	uk_heap_leave(state);
	return h;
}

static void report_one(const struct line *l)
{
	const struct uk_heap_stats *s = &l->s;
	const uint64_t value[7] = {s->used, s->peak, s->pages, s->pages_peak, s->allocs, s->frees, s->failures};
	unsigned long state = uk_print_begin();
	char buf[24];

	uk_printf("heap: %-10s", l->name);
	for (size_t i = 0; i < 7; i++)
		uk_printf(" %10s", number(buf, sizeof(buf), value[i]));
	uk_printf(" %.*s\n", (int)strcspn(l->label, " "), l->label);
	uk_print_end(state);
}

void uk_heap_report(void)
{
	struct uk_page_stats p;
	struct line l;

	uk_printf("heap: %-10s %10s %10s %10s %10s %10s %10s %10s %s\n", "name", "used", "peak", "pages", "pages-peak",
		  "allocs", "frees", "failures", "for");
	for (size_t i = 0; i < CONFIG_MEM_HEAP_MAX; i++)
		if (look(&l, &uk_heap_instances[i]))
			report_one(&l);
	uk_page_stats(&p);
	uk_printf("heap: page frames: %zu in all, %zu free, %zu at the least, longest range %zu\n", p.total, p.free,
		  p.free_low, p.largest);
}

void uk_heap_fini(void)
{
	unsigned long state = uk_heap_enter();

	uk_heap_trace_flush();
	uk_heap_leave(state);
	if (wanted)
		uk_heap_report();
}
