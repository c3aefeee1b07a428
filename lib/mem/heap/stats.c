/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The statistics table of all heaps. */

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

static void report_one(const struct uk_heap_instance *it)
{
	struct uk_heap_stats s;
	char buf[7][24];

	memset(&s, 0xff, sizeof(s));
	it->heap->ops->stats(it->heap, &s);
	const uint64_t value[7] = {s.used, s.peak, s.pages, s.pages_peak, s.allocs, s.frees, s.failures};

	uk_printf("heap: %-10s", it->heap->ops->name);
	for (size_t i = 0; i < 7; i++)
		uk_printf(" %10s", number(buf[i], sizeof(buf[i]), value[i]));
	uk_printf(" %.*s\n", (int)strcspn(it->label, " "), it->label);
}

void uk_heap_report(void)
{
	struct uk_page_stats p;

	uk_printf("heap: %-10s %10s %10s %10s %10s %10s %10s %10s %s\n", "name", "used", "peak", "pages", "pages-peak",
		  "allocs", "frees", "failures", "for");
	for (size_t i = 0; i < CONFIG_MEM_HEAP_MAX; i++)
		if (uk_heap_instances[i].heap)
			report_one(&uk_heap_instances[i]);
	uk_page_stats(&p);
	uk_printf("heap: page frames: %zu in all, %zu free, %zu at the least, longest range %zu\n", p.total, p.free,
		  p.free_low, p.largest);
}

void uk_heap_fini(void)
{
	uk_heap_trace_flush();
	if (wanted)
		uk_heap_report();
}
