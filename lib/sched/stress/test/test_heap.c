/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Every provider built in, used by several threads at once, one for each CPU (with fewer than four CPUs several share
 * one); blocks are freed and resized by other threads than the one that took them. */
#include <errno.h>
#include <string.h>

#include <uk/alloc.h>
#include <uk/plat/cpu.h>
#include <uk/print.h>
#include <uk/test.h>
#include <uk/thread.h>

#define THREADS_MAX 16
#define STEPS 20000
#define HELD 64
#define SLOTS 16

UK_SET_DECLARE(heap, struct uk_heap_provider);

/* At the begin of each block; all bytes behind it are `fill`. */
struct block {
	size_t size; /* with this head */
	unsigned char fill;
};

static struct uk_thread *threads[THREADS_MAX];
static struct block *slots[SLOTS]; /* on their way to another thread */
static struct uk_heap *heap;

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
		struct uk_thread_attr attr = {.name = "heap", .affinity = (uint64_t)1 << i % uk_plat_cpus()};

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

static void fill(struct block *b, size_t size, unsigned char with)
{
	memset(b, with, size);
	b->size = size;
	b->fill = with;
}

/* Whether the first n bytes are as they were filled. */
static bool intact(const struct block *b, size_t n)
{
	const unsigned char *bytes = (const unsigned char *)b;

	for (size_t i = sizeof(*b); i < n; i++)
		if (bytes[i] != b->fill)
			return false;
	return true;
}

static void drop(struct block *b)
{
	if (!b)
		return;
	UK_REQUIRE(intact(b, b->size) && uk_heap_usable(heap, b) >= b->size);
	uk_heap_free(heap, b);
}

static size_t random_size(uint64_t r)
{
	return sizeof(struct block) + (r >> 8 & 31 ? r & 255 : r >> 16 & 16383);
}

static struct block *resize(struct block *b, size_t size, unsigned char with)
{
	size_t old = b->size;
	struct block *now = uk_heap_realloc(heap, b, size);

	if (!now)
		return b;
	UK_REQUIRE(intact(now, UK_MIN(old, size)));
	fill(now, size, with);
	return now;
}

static void step(struct block **b, uint64_t r)
{
	size_t size = random_size(r);

	switch (r >> 32 & 3) {
	case 0:
		*b = __atomic_exchange_n(&slots[r >> 40 & (SLOTS - 1)], *b, __ATOMIC_ACQ_REL);
		break;
	case 1:
		if (*b)
			*b = resize(*b, size, (unsigned char)r);
		break;
	default:
		drop(*b);
		*b = uk_heap_alloc(heap, size, (size_t)16 << (r >> 44 & 3));
		if (*b)
			fill(*b, size, (unsigned char)r);
	}
}

static void *stress(void *arg)
{
	struct block *held[HELD] = {NULL};
	uint64_t random = (uintptr_t)arg * 0x9e3779b97f4a7c15u;
	unsigned steps = heap->ops->traits & UK_HEAP_NO_FREE ? STEPS / 100 : STEPS;

	meet();
	for (unsigned i = 0; i < steps; i++) {
		if (i % 512 == 0)
			uk_thread_yield(); /* where nobody is preempted */
		uint64_t r = next_random(&random);

		step(&held[r >> 50 & (HELD - 1)], r);
	}
	for (unsigned i = 0; i < HELD; i++)
		drop(held[i]);
	return NULL;
}

static void stress_provider(const struct uk_heap_ops *ops)
{
	uk_printf("# %s\n", ops->name);
	UK_REQUIRE(uk_heap_create(ops, "smp test", &heap) == 0);
	run(thread_count(), stress);
	for (unsigned i = 0; i < SLOTS; i++)
		drop(__atomic_exchange_n(&slots[i], NULL, __ATOMIC_ACQUIRE));
	UK_CHECK_EQ(ops->check(heap), 0);
	uk_heap_destroy(heap);
}

UK_TEST(heap_smp, random_operations)
{
	UK_SET_EACH (heap, struct uk_heap_provider, it)
		stress_provider(it->ops);
}

/* Instances come and go, while others do and while the table is printed. */
static void *come_and_go(void *arg)
{
	meet();
	for (unsigned i = 0; i < 50; i++) {
		struct uk_heap *h;
		int err = uk_heap_create(uk_heap_default->ops, "comes and goes", &h);
		void *p;

		if (err) {
			UK_REQUIRE(err == -ENOSPC);
			uk_thread_yield();
			continue;
		}
		p = uk_heap_alloc(h, 100, 16);
		UK_REQUIRE(p != NULL);
		uk_heap_free(h, p);
		uk_heap_destroy(h);
		if ((uintptr_t)arg == 1 && i % 25 == 0)
			uk_heap_report();
	}
	return NULL;
}

UK_TEST(heap_smp, instances_come_and_go)
{
	if (uk_heap_default->ops->traits & UK_HEAP_SINGLE)
		UK_SKIP("the default heap has one instance");
	run(thread_count(), come_and_go);
}

/* What one thread has taken is there, untouched, for one that frees it after the first has ended. */
static void *take_and_end(void *arg)
{
	unsigned i = (unsigned)(uintptr_t)arg % SLOTS;

	meet();
	slots[i] = uk_heap_alloc(uk_heap_default, 1000, 16);
	if (slots[i])
		fill(slots[i], 1000, (unsigned char)i);
	return NULL;
}

UK_TEST(heap_smp, blocks_outlive_their_thread)
{
	heap = uk_heap_default;
	for (unsigned round = 0; round < 20; round++) {
		run(thread_count(), take_and_end);
		for (unsigned i = 0; i < SLOTS; i++) {
			drop(slots[i]);
			slots[i] = NULL;
		}
	}
	UK_CHECK_EQ(heap->ops->check(heap), 0);
}
