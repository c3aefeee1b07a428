/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Memory of threads. Structures with their thread-local storage are reused and never given back, so that a stale
 * pointer to one can be told from a valid one; of the stacks of ended threads as many are kept as fit in STACKS_KEPT
 * bytes, ready with their guard pages.
 *
 * Locking: one lock around the lists, interrupts masked. */

#include "internal.h"

#include <string.h>

#include <uk/arch/tls.h>
#include <uk/assert.h>
#include <uk/page.h>

#define STACKS_KEPT ((size_t)1 << 20)
#define SLAB_PAGES 4
#define CACHE_LINE 64
#define LOOK_AT 8 /* kept stacks, for one of the right size */
/* A process may have 65,530 mappings, and a page with another protection in the middle of one makes two more. */
#define GUARDS_MAX 8192

const uint64_t uk_thread_canary = UK_THREAD_CANARY;

static struct uk_lock lock = UK_LOCK_INIT;
static struct uk_list kept = UK_LIST_INIT(kept), bare = UK_LIST_INIT(bare); /* with and without a stack */
static size_t kept_bytes;
static unsigned guards;

static size_t pages_of(size_t bytes)
{
	return (bytes + UK_PAGE_SIZE - 1) >> UK_PAGE_SHIFT;
}

static bool guard(char *page, bool on)
{
	const struct uk_plat_mapping m = {
	    .va = (uintptr_t)page,
	    .size = UK_PAGE_SIZE,
	    .prot = on ? UK_PLAT_READ : UK_PLAT_READ | UK_PLAT_WRITE,
	};

	return uk_plat_protect(&m, 1) == 0;
}

/* Take the page below the stack for its guard, if one may still be had. */
static bool reserve_guard(void)
{
	const bool may = __atomic_fetch_add(&guards, 1, __ATOMIC_RELAXED) < GUARDS_MAX;

	if (!may)
		__atomic_fetch_sub(&guards, 1, __ATOMIC_RELAXED);
	return may;
}

static void stack_give(struct uk_thread *t)
{
	char *low = t->stack;
	size_t pages = pages_of(t->stack_size);

	if (UK_ENABLED(SCHED_THREAD_GUARD) && t->guarded) {
		low -= UK_PAGE_SIZE;
		pages++;
		guard(low, false);
		__atomic_fetch_sub(&guards, 1, __ATOMIC_RELAXED);
	}
	if (t->stack && !t->borrowed)
		uk_page_free(low, pages);
	t->stack = NULL;
	t->guarded = false;
}

static bool stack_take(struct uk_thread *t, size_t size, bool want_guard)
{
	size_t pages = pages_of(size);
	bool guarded = UK_ENABLED(SCHED_THREAD_GUARD) && want_guard && reserve_guard();
	char *low = uk_page_alloc(pages + guarded);

	if (low && guarded && !guard(low, true)) { /* the system's limit came before ours: the page is just not used */
		uk_page_free(low, 1);
		low += UK_PAGE_SIZE;
		guarded = false;
		__atomic_fetch_sub(&guards, 1, __ATOMIC_RELAXED);
	}
	if (!low && guarded)
		__atomic_fetch_sub(&guards, 1, __ATOMIC_RELAXED);
	if (!low)
		return false;
	t->guarded = guarded;
	t->stack = guarded ? low + UK_PAGE_SIZE : low;
	t->stack_size = pages << UK_PAGE_SHIFT;
	if (UK_ENABLED(SCHED_THREAD_MARKS))
		memset(t->stack, 0, t->stack_size);
	return true;
}

void *uk_thread_memory(size_t size)
{
	static char *slab, *slab_end;
	unsigned long state;
	char *p = NULL;

	size = UK_ALIGN_UP(size, CACHE_LINE);
	state = uk_lock_acquire_irq(&lock);
	if ((size_t)(slab_end - slab) < size) {
		const size_t pages = UK_MAX(pages_of(size), (size_t)SLAB_PAGES);

		slab = uk_page_alloc(pages);
		slab_end = slab ? slab + (pages << UK_PAGE_SHIFT) : NULL;
	}
	if (slab) {
		p = slab;
		slab += size;
	}
	uk_lock_release_irq(&lock, state);
	return p ? memset(p, 0, size) : NULL;
}

static struct uk_thread *new_thread(void)
{
	struct uk_thread *t = uk_thread_memory(sizeof(*t) + uk_arch_tls_size());

	if (!t)
		return NULL;
	t->block = t + 1;
	t->state = UK_THREAD_FREE;
	uk_list_init(&t->waiting);
	uk_wait_init(&t->ended);
	uk_thread_list_add(t);
	return t;
}

/* A kept thread with a stack of this size. */
static struct uk_thread *find_kept(size_t size)
{
	unsigned looked = 0;

	UK_LIST_EACH(&kept, link)
	{
		struct uk_thread *t = uk_list_entry(link, struct uk_thread, waiting);

		if (looked++ == LOOK_AT)
			break;
		if (t->stack_size == size) {
			kept_bytes -= size;
			uk_list_remove(link);
			return t;
		}
	}
	return NULL;
}

struct uk_thread *uk_thread_take(const struct uk_thread_attr *attr)
{
	const size_t size = pages_of(attr->stack_size) << UK_PAGE_SHIFT;
	const unsigned long state = uk_lock_acquire_irq(&lock);
	const bool kept_will_do = !attr->stack && !attr->no_guard;
	struct uk_thread *t = kept_will_do ? find_kept(size) : NULL;
	struct uk_list *first = t ? NULL : uk_list_pop(&bare);

	uk_lock_release_irq(&lock, state);
	if (t)
		return t;
	t = first ? uk_list_entry(first, struct uk_thread, waiting) : new_thread();
	if (!t)
		return NULL;
	t->borrowed = attr->stack != NULL;
	if (t->borrowed) {
		t->stack = attr->stack;
		t->stack_size = attr->stack_size;
	} else if (!stack_take(t, size, !attr->no_guard)) {
		uk_thread_recycle(t);
		return NULL;
	}
	return t;
}

void uk_thread_recycle(struct uk_thread *t)
{
	const bool keep =
	    t->guarded == UK_ENABLED(SCHED_THREAD_GUARD) && !t->borrowed && kept_bytes + t->stack_size <= STACKS_KEPT;
	unsigned long state;

	if (!keep)
		stack_give(t);
	t->generation++;
	t->state = UK_THREAD_FREE;
	state = uk_lock_acquire_irq(&lock);
	uk_list_add_after(keep ? &kept : &bare, &t->waiting);
	kept_bytes += keep ? t->stack_size : 0;
	uk_lock_release_irq(&lock, state);
}

size_t uk_thread_stack_peak(const struct uk_thread *t)
{
	const uint64_t *p = (const uint64_t *)(const void *)t->stack;
	const uint64_t *end = (const uint64_t *)(const void *)(t->stack + t->stack_size);

	if (!UK_ENABLED(SCHED_THREAD_MARKS) || t->boot || t->borrowed)
		return 0;
	while (p < end && (*p == 0 || *p == UK_THREAD_CANARY))
		p++;
	return (size_t)((const char *)end - (const char *)p);
}

_Noreturn void uk_thread_overflowed(struct uk_thread *t)
{
	t->canary = &uk_thread_canary; /* once is enough */
	UK_BUG("stack overflow in thread %s", t->name);
}
