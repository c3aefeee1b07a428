/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Replays recorded traces on heaps and prints how fast they are and how much memory they take.
 *
 *	heapbench [--all] [--quick | --ms=N] [--csv] [--trace=NAME] [--heap=NAME]
 *
 * Without --all or --heap= it measures the default heap, in a fresh instance. Each
 * measurement takes 1000 ms, with --quick 30. With one provider in the image, calls are
 * bound to it as everywhere else; otherwise they go through its table of operations. */

#include "trace.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uk/alloc.h>
#include <uk/base.h>
#include <uk/page.h>
#include <uk/plat/time.h>

#define REPLAY_NAME replay
#define REPLAY_ALLOC(h, size) UK_HEAP_OPS((struct uk_heap *)(h))->alloc(h, size, UK_HEAP_ALIGN)
#define REPLAY_ALIGNED(h, size, align) UK_HEAP_OPS((struct uk_heap *)(h))->alloc(h, size, align)
#define REPLAY_FREE(h, p) UK_HEAP_OPS((struct uk_heap *)(h))->free(h, p)
#define REPLAY_REALLOC(h, p, size) UK_HEAP_OPS((struct uk_heap *)(h))->realloc(h, p, size)
#include "replay.h"

UK_SET_DECLARE(heap, struct uk_heap_provider);

extern const unsigned char trace_lua[], trace_lua_end[], trace_sqlite[], trace_sqlite_end[], trace_redis[],
    trace_redis_end[];

static const struct {
	const char *name;
	const unsigned char *begin, *end;
} files[] = {
    {"lua", trace_lua, trace_lua_end},
    {"sqlite", trace_sqlite, trace_sqlite_end},
    {"redis", trace_redis, trace_redis_end},
};

static struct {
	bool all, csv;
	const char *heap, *trace;
	uint64_t nanoseconds; /* for each measurement */
} options = {.nanoseconds = 1000000000};

/* What one heap did with one trace; best_ns is 0 if it ran out of memory. */
struct result {
	uint64_t best_ns, first_ns; /* the fastest pass: others were disturbed */
	size_t pages, pages_peak;
};

/* Run passes until the time is over. A heap that cannot free gets a fresh instance for each. */
static int run_passes(const struct uk_heap_ops *ops, struct uk_heap **h, const struct trace *t, void **slots,
		      struct result *r)
{
	for (uint64_t total = 0, ns; total < options.nanoseconds; total += ns) {
		uint64_t start = uk_plat_time_ns();

		if (replay(*h, t, slots))
			return -1;
		ns = uk_plat_time_ns() - start;
		r->best_ns = r->best_ns ? UK_MIN(r->best_ns, ns) : ns;
		if (ops->traits & UK_HEAP_NO_FREE) {
			uk_heap_destroy(*h);
			if (uk_heap_create(ops, "heapbench", h))
				return -1;
		}
	}
	return 0;
}

static void measure(const struct uk_heap_ops *ops, const struct trace *t, void **slots, struct result *r)
{
	struct uk_heap_stats s = {0};
	struct uk_heap *h = NULL;
	uint64_t start = uk_plat_time_ns();

	*r = (struct result){0};
	if (uk_heap_create(ops, "heapbench", &h))
		return;
	void *p = UK_HEAP_OPS(h)->alloc(h, 64, UK_HEAP_ALIGN);

	r->first_ns = uk_plat_time_ns() - start;
	if (p)
		UK_HEAP_OPS(h)->free(h, p);
	if (!replay(h, t, slots)) { /* warms up, and shows the memory */
		ops->stats(h, &s);
		r->pages = s.pages;
		r->pages_peak = s.pages_peak;
		if (run_passes(ops, &h, t, slots, r))
			r->best_ns = 0;
	}
	uk_heap_destroy(h);
}

static void print_result(const struct uk_heap_ops *ops, const struct trace *t, const struct result *r)
{
	const char *format =
	    options.csv ? "%s,%s,%llu,%zu,%zu,%zu,%llu\n" : "%-10s %-8s %12llu %10zu %10zu %9zu%% %10llu\n";

	if (!r->best_ns)
		printf(options.csv ? "%s,%s,,,,,\n" : "%-10s %-8s  not enough memory\n", ops->name, t->name);
	else
		printf(format, ops->name, t->name, (unsigned long long)(t->count * 1000000000 / r->best_ns),
		       r->pages_peak * 4, r->pages * 4,
		       (r->pages_peak << UK_PAGE_SHIFT) * 100 / UK_MAX(t->live_peak, 1),
		       (unsigned long long)r->first_ns);
}

static void measure_heaps(const struct trace *t, void **slots)
{
	UK_SET_EACH (heap, struct uk_heap_provider, it) {
		struct result r;
		bool wanted = options.heap ? !strcmp(options.heap, it->ops->name) : it->ops == uk_heap_default->ops;

		if (!wanted && !options.all)
			continue;
		measure(it->ops, t, slots, &r);
		print_result(it->ops, t, &r);
	}
}

static size_t pages_for(size_t bytes)
{
	return (bytes + UK_PAGE_SIZE - 1) >> UK_PAGE_SHIFT;
}

/* Decode one trace into pages of its own, so that it is in no heap, and measure. */
static int run_trace(size_t i)
{
	size_t size = (size_t)(files[i].end - files[i].begin), pages = pages_for(trace_memory(files[i].begin, size));
	struct trace t = {.name = files[i].name};
	void *memory = pages ? uk_page_alloc(pages) : NULL, **slots = NULL;
	int err = 1;

	if (memory && !trace_decode(files[i].begin, size, memory, &t))
		slots = uk_page_alloc(pages_for(t.slots * sizeof(*slots)));
	if (slots) {
		memset(slots, 0, t.slots * sizeof(*slots));
		measure_heaps(&t, slots);
		uk_page_free(slots, pages_for(t.slots * sizeof(*slots)));
		err = 0;
	} else {
		printf("heapbench: %s: no memory for the trace, or it is damaged\n", files[i].name);
	}
	uk_page_free(memory, memory ? pages : 0);
	return err;
}

static bool parse(const char *word)
{
	if (!strcmp(word, "--all"))
		options.all = true;
	else if (!strcmp(word, "--quick"))
		options.nanoseconds = 30000000;
	else if (!strcmp(word, "--csv"))
		options.csv = true;
	else if (!strncmp(word, "--ms=", 5))
		options.nanoseconds = strtoull(word + 5, NULL, 10) * 1000000;
	else if (!strncmp(word, "--trace=", 8))
		options.trace = word + 8;
	else if (!strncmp(word, "--heap=", 7))
		options.heap = word + 7;
	else
		return false;
	return true;
}

int main(int argc, char **argv)
{
	int err = 0, ran = 0;

	for (int i = 1; i < argc; i++)
		if (!parse(argv[i])) {
			puts("usage: heapbench [--all] [--quick | --ms=N] [--csv] [--trace=NAME] [--heap=NAME]");
			return 64;
		}
	if (options.heap && !uk_heap_find(options.heap)) {
		printf("heapbench: no heap %s in this image\n", options.heap);
		return 64;
	}
	if (options.csv)
		puts("heap,trace,ops_per_s,peak_kib,resident_kib,peak_percent_of_live,first_alloc_ns");
	else
		printf("%-10s %-8s %12s %10s %10s %10s %10s\n", "heap", "trace", "ops/s", "peak KiB", "after KiB",
		       "of live", "first ns");
	for (size_t i = 0; i < UK_ARRAY_SIZE(files); i++)
		if (!options.trace || !strcmp(options.trace, files[i].name)) {
			err |= run_trace(i);
			ran++;
		}
	if (!ran)
		printf("heapbench: no trace %s\n", options.trace);
	return ran ? err : 64;
}
