/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Page frames taken and given back by several threads at once, one for each CPU (with fewer than four CPUs several
 * share one, where they preempt each other), and handed from one CPU to another. */
#include <uk/page.h>
#include <uk/plat/cpu.h>
#include <uk/test.h>
#include <uk/thread.h>

#define THREADS_MAX 16
#define STEPS 150000
#define HELD 128
#define SLOTS 8

/* At the begin of each page that is in use. */
struct tag {
	uintptr_t self, owner;
	size_t pages; /* of the range, in its first page */
};

static struct uk_thread *threads[THREADS_MAX];
static struct tag *slots[SLOTS]; /* ranges on their way to another thread */

static unsigned thread_count(void)
{
	return UK_MIN(UK_MAX(uk_plat_cpus(), 4u), THREADS_MAX);
}

static unsigned waiting; /* threads that have not begun */

/* Let all begin at the same time. */
static void meet(void)
{
	__atomic_fetch_sub(&waiting, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&waiting, __ATOMIC_SEQ_CST))
		uk_thread_yield();
}

static void run(unsigned n, void *(*entry)(void *arg))
{
	waiting = n;
	for (uintptr_t i = 0; i < n; i++) {
		struct uk_thread_attr attr = {.name = "pages", .affinity = (uint64_t)1 << i % uk_plat_cpus()};

		UK_REQUIRE(uk_thread_create(&threads[i], &attr, entry, (void *)(i + 1)) == 0);
	}
	for (unsigned i = 0; i < n; i++)
		UK_CHECK_EQ(uk_thread_join(threads[i], NULL, UK_WAIT_FOREVER, false), 0);
}

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	return *state ^= *state << 17;
}

static struct tag *page_of(struct tag *range, size_t i)
{
	return (struct tag *)(void *)((char *)range + i * UK_PAGE_SIZE);
}

static void mark(struct tag *range, size_t pages, uintptr_t owner)
{
	for (size_t i = 0; i < pages; i++) {
		struct tag *t = page_of(range, i);

		*t = (struct tag){(uintptr_t)t, owner, pages};
	}
}

/* Whether nobody has written into the range since it was marked. */
static bool intact(struct tag *range, uintptr_t owner)
{
	size_t pages = range->pages;

	for (size_t i = 0; i < pages; i++) {
		const struct tag *t = page_of(range, i);

		if (t->self != (uintptr_t)t || t->owner != owner || t->pages != pages)
			return false;
	}
	return true;
}

static void give(struct tag *range, uintptr_t owner)
{
	if (!range)
		return;
	UK_REQUIRE(intact(range, owner));
	uk_page_free(range, range->pages);
}

/* Leave the range to whoever comes next, and give back what was left before. */
static void exchange(struct tag *range, unsigned slot)
{
	size_t pages = range->pages;

	mark(range, pages, THREADS_MAX + 1);
	give(__atomic_exchange_n(&slots[slot], range, __ATOMIC_ACQ_REL), THREADS_MAX + 1);
}

static void *stress(void *arg)
{
	uintptr_t self = (uintptr_t)arg;
	struct tag *held[HELD] = {NULL};
	uint64_t random = self * 0x9e3779b97f4a7c15u;

	meet();
	for (unsigned step = 0; step < STEPS; step++) {
		if (step % 512 == 0)
			uk_thread_yield(); /* where nobody is preempted */
		uint64_t r = next_random(&random);
		struct tag **mine = &held[r % HELD];
		size_t pages = r >> 20 & 7 ? 1 : 1 + (r >> 24 & 15);

		if (*mine && (r >> 32 & 3) == 0) {
			UK_REQUIRE(intact(*mine, self));
			exchange(*mine, r >> 40 & (SLOTS - 1));
		} else {
			give(*mine, self);
		}
		*mine = r >> 50 & 1 ? uk_page_alloc(pages) : NULL;
		if (*mine)
			mark(*mine, pages, self);
	}
	for (unsigned i = 0; i < HELD; i++)
		give(held[i], self);
	return NULL;
}

static void stress_all(void)
{
	run(thread_count(), stress);
	for (unsigned i = 0; i < SLOTS; i++)
		give(__atomic_exchange_n(&slots[i], NULL, __ATOMIC_ACQUIRE), THREADS_MAX + 1);
	UK_CHECK_EQ(uk_page_check(), 0);
}

UK_TEST(page_smp, random_operations)
{
	struct uk_page_stats before, after;

	stress_all(); /* the threads' stacks exist from now on */
	uk_page_stats(&before);
	stress_all();
	uk_page_stats(&after);
	UK_CHECK_EQ(after.free, before.free);
	UK_CHECK(after.free_low <= before.free);
}

/* Take and give back so many single pages that some are kept ready for the CPU. */
static void *fill_cache(void *arg)
{
	void *page[64];

	(void)arg;
	meet();
	for (unsigned i = 0; i < 64; i++)
		page[i] = uk_page_alloc(1);
	for (unsigned i = 0; i < 64; i++)
		uk_page_free(page[i], page[i] ? 1 : 0);
	return NULL;
}

/* Take everything there is, the largest ranges first, as a list. */
static struct tag *take_everything(void)
{
	struct tag *list = NULL, *range;

	for (size_t pages = UK_PAGE_MAX; pages; pages /= 2)
		while ((range = uk_page_alloc(pages))) {
			*range = (struct tag){(uintptr_t)list, 0, pages};
			list = range;
		}
	return list;
}

UK_TEST(page_smp, nothing_fails_while_pages_are_cached)
{
	struct uk_page_stats none;
	struct tag *list;

	run(thread_count(), fill_cache);
	list = take_everything();
	uk_page_stats(&none); /* what an allocation has missed would show here */
	UK_CHECK_EQ(uk_page_check(), 0);
	while (list) {
		struct tag *next = (struct tag *)list->self;

		uk_page_free(list, list->pages);
		list = next;
	}
	UK_CHECK_EQ(none.free, 0);
	UK_CHECK_EQ(none.free_low, 0);
	UK_CHECK_EQ(uk_page_check(), 0);
}

/* The pages behind a range may be in a cache: then they are taken from there. */
UK_TEST(page_smp, extend_takes_cached_pages)
{
	char *p = uk_page_alloc(8);

	UK_REQUIRE(p != NULL);
	for (unsigned i = 7; i > 0; i--)
		uk_page_free(p + i * UK_PAGE_SIZE, 1);
	UK_CHECK_EQ(uk_page_extend(p, 1, 7), 0);
	uk_page_free(p, 8);
	UK_CHECK_EQ(uk_page_check(), 0);
}
