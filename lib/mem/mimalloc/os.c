/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What mimalloc needs from below, in place of its os.c, arena.c, segment-cache.c, options.c, stats.c and random.c:
 * page frames, a clock, a seed, fixed options. Page frames are cheap here, so segments go back to them at once
 * instead of into a cache, and there is nothing to commit or to reset.
 *
 * Locking: mimalloc's calls are serialised by mem/heap; the counters are read without, for statistics. */

#include "internal.h"

#include <errno.h>
#include <uk/assert.h>
#include <uk/base.h>
#include <uk/page.h>
#include <uk/plat/cpu.h>
#include <uk/plat/time.h>

#include <mimalloc.h>
#include <mimalloc-internal.h>

size_t uk_mimalloc_pages, uk_mimalloc_pages_peak;

static size_t pages_for(size_t bytes)
{
	return (bytes + UK_PAGE_SIZE - 1) >> UK_PAGE_SHIFT;
}

/* size bytes such that the byte `offset` into them is aligned. */
static void *take(size_t size, size_t alignment, size_t offset)
{
	size_t align = UK_MAX(alignment, UK_PAGE_SIZE), skip = UK_ALIGN_UP(offset, align) - offset;
	size_t pages = pages_for(size);
	char *p = size > UK_PAGE_MAX << UK_PAGE_SHIFT
		      ? NULL
		      : uk_page_alloc_aligned(pages + pages_for(skip), align >> UK_PAGE_SHIFT);

	if (!p)
		return NULL;
	uk_page_free(p, pages_for(skip));
	size_t now = __atomic_add_fetch(&uk_mimalloc_pages, pages, __ATOMIC_RELAXED);

	if (now > uk_mimalloc_pages_peak)
		uk_mimalloc_pages_peak = now;
	return p + skip;
}

static void give(void *p, size_t size)
{
	__atomic_sub_fetch(&uk_mimalloc_pages, pages_for(size), __ATOMIC_RELAXED);
	uk_page_free(p, pages_for(size));
}

/* os.c */

size_t _mi_os_page_size(void)
{
	return UK_PAGE_SIZE;
}

size_t _mi_os_good_alloc_size(size_t size)
{
	return size > SIZE_MAX - UK_PAGE_SIZE ? size : UK_ALIGN_UP(size, UK_PAGE_SIZE);
}

void _mi_os_init(void)
{
}

void *_mi_os_alloc(size_t size, mi_stats_t *stats UK_UNUSED)
{
	return take(size, UK_PAGE_SIZE, 0);
}

void _mi_os_free(void *p, size_t size, mi_stats_t *stats UK_UNUSED)
{
	give(p, size);
}

bool _mi_os_commit(void *p UK_UNUSED, size_t size UK_UNUSED, bool *is_zero, mi_stats_t *stats UK_UNUSED)
{
	*is_zero = false;
	return true;
}

bool _mi_os_decommit(void *p UK_UNUSED, size_t size UK_UNUSED, mi_stats_t *stats UK_UNUSED)
{
	return false; /* still committed */
}

bool _mi_os_reset(void *p UK_UNUSED, size_t size UK_UNUSED, mi_stats_t *stats UK_UNUSED)
{
	return true;
}

/* arena.c: no arenas but the page allocator */

void *_mi_arena_alloc_aligned(size_t size, size_t alignment, size_t offset, bool *commit, bool *large, bool *is_pinned,
			      bool *is_zero, mi_arena_id_t arena UK_UNUSED, size_t *memid, mi_os_tld_t *tld UK_UNUSED)
{
	*commit = *is_pinned = true;
	*large = *is_zero = false;
	*memid = 0;
	return take(size, alignment, offset);
}

void _mi_arena_free(void *p, size_t size, size_t alignment UK_UNUSED, size_t offset UK_UNUSED, size_t memid UK_UNUSED,
		    bool all_committed UK_UNUSED, mi_stats_t *stats UK_UNUSED)
{
	give(p, size);
}

mi_arena_id_t _mi_arena_id_none(void)
{
	return 0;
}

bool _mi_arena_memid_is_suitable(size_t memid UK_UNUSED, mi_arena_id_t arena UK_UNUSED)
{
	return true;
}

int mi_reserve_os_memory(size_t size UK_UNUSED, bool commit UK_UNUSED, bool allow_large UK_UNUSED)
{
	return ENOMEM;
}

int mi_reserve_huge_os_pages_at(size_t pages UK_UNUSED, int node UK_UNUSED, size_t timeout UK_UNUSED)
{
	return ENOMEM;
}

int mi_reserve_huge_os_pages_interleave(size_t pages UK_UNUSED, size_t nodes UK_UNUSED, size_t timeout UK_UNUSED)
{
	return ENOMEM;
}

/* segment-cache.c: no cache, and no map of the segments, which only debugging reads */

void *_mi_segment_cache_pop(size_t size UK_UNUSED, mi_commit_mask_t *commit UK_UNUSED,
			    mi_commit_mask_t *decommit UK_UNUSED, bool *large UK_UNUSED, bool *pinned UK_UNUSED,
			    bool *zero UK_UNUSED, mi_arena_id_t arena UK_UNUSED, size_t *memid UK_UNUSED,
			    mi_os_tld_t *tld UK_UNUSED)
{
	return NULL;
}

bool _mi_segment_cache_push(void *p UK_UNUSED, size_t size UK_UNUSED, size_t memid UK_UNUSED,
			    const mi_commit_mask_t *commit UK_UNUSED, const mi_commit_mask_t *decommit UK_UNUSED,
			    bool large UK_UNUSED, bool pinned UK_UNUSED, mi_os_tld_t *tld UK_UNUSED)
{
	return false;
}

void _mi_segment_cache_collect(bool force UK_UNUSED, mi_os_tld_t *tld UK_UNUSED)
{
}

void _mi_segment_cache_free_all(mi_os_tld_t *tld UK_UNUSED)
{
}

void _mi_segment_map_allocated_at(const mi_segment_t *segment UK_UNUSED)
{
}

void _mi_segment_map_freed_at(const mi_segment_t *segment UK_UNUSED)
{
}

/* options.c */

long mi_option_get(mi_option_t option)
{
	return option == mi_option_eager_commit ? 1 : option == mi_option_max_segment_reclaim ? 8 : 0;
}

long mi_option_get_clamp(mi_option_t option, long min, long max)
{
	return UK_MIN(UK_MAX(mi_option_get(option), min), max);
}

bool mi_option_is_enabled(mi_option_t option)
{
	return mi_option_get(option) != 0;
}

void _mi_options_init(void)
{
}

void _mi_verbose_message(const char *format UK_UNUSED, ...)
{
}

void _mi_warning_message(const char *format UK_UNUSED, ...)
{
}

/* Corruption that mimalloc notices ends the system; being out of memory is for the caller. */
void _mi_error_message(int err, const char *format UK_UNUSED, ...)
{
	if (err == EFAULT)
		UK_BUG("mimalloc's structures are corrupted: %s", format);
}

/* stats.c */

void _mi_stat_increase(mi_stat_count_t *stat UK_UNUSED, size_t amount UK_UNUSED)
{
}

void _mi_stat_decrease(mi_stat_count_t *stat UK_UNUSED, size_t amount UK_UNUSED)
{
}

void _mi_stats_done(mi_stats_t *stats UK_UNUSED)
{
}

void mi_stats_reset(void)
{
}

mi_msecs_t _mi_clock_now(void)
{
	return (mi_msecs_t)(uk_plat_time_ns() / 1000000);
}

/* random.c: splitmix64 (G. Steele, D. Lea, C. Flood 2014) from the platform's seed; the state is in input[0] and [1] */

uintptr_t _mi_random_next(mi_random_ctx_t *ctx)
{
	uint64_t z = ((uint64_t)ctx->input[1] << 32 | ctx->input[0]) + 0x9e3779b97f4a7c15u;

	ctx->input[0] = (uint32_t)z;
	ctx->input[1] = (uint32_t)(z >> 32);
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

void _mi_random_init(mi_random_ctx_t *ctx)
{
	uk_plat_seed(ctx->input, 8); /* without a real source it is a mix of clocks, which will do for cookies */
}

void _mi_random_reinit_if_weak(mi_random_ctx_t *ctx UK_UNUSED)
{
}

void _mi_random_split(mi_random_ctx_t *ctx, mi_random_ctx_t *split)
{
	uint64_t z = _mi_random_next(ctx);

	split->input[0] = (uint32_t)z;
	split->input[1] = (uint32_t)(z >> 32);
}
