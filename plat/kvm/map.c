/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Map, protect and unmap: check everything and collect the pages for tables first, then change, which cannot fail. All
 * under one lock. Other CPUs are made to flush once for each call, before pages of tables are given back; a fresh
 * mapping needs none, since what is not mapped is not kept by CPUs (Intel SDM vol. 3, 4.10.2.3). */

#include <errno.h>
#include <stdbool.h>

#include <uk/base.h>
#include <uk/lock.h>
#include <uk/plat/cpu.h>
#include <uk/plat/memory.h>

#include "kvm.h"
#include "map.h"
#include "smp.h"

#define VA_END (1ull << 47)
#define TABLES_LEVEL 3 /* of the root */
#define ENTRIES 512
#define FLUSH_ONE_BY_ONE 64 /* pages; more are cheaper to flush all at once */

static void *(*page_take)(void);
static void (*page_give)(void *page);

static struct uk_lock lock;

unsigned long uk_kvm_map_lock(void)
{
	return uk_lock_acquire_irq(&lock);
}

void uk_kvm_map_unlock(unsigned long state)
{
	uk_lock_release_irq(&lock, state);
}

void uk_plat_table_pages(void *(*take)(void), void (*give)(void *page))
{
	page_take = take;
	page_give = give;
}

static size_t page_of(unsigned level)
{
	return UK_PAGE_SIZE << (9 * level);
}

/* The entry that maps va, or the first empty one on the way to it; *level is its level. */
static uint64_t *leaf(uintptr_t va, unsigned *level)
{
	for (*level = 0;; ++*level) {
		uint64_t *slot = uk_kvm_table_slot(va, *level, false);

		if (slot)
			return slot;
	}
}

bool uk_kvm_mapped(uintptr_t va)
{
	unsigned level;

	return *leaf(va, &level) & UK_KVM_PRESENT;
}

static bool range_ok(const struct uk_plat_mapping *m)
{
	return ((m->va | m->size) & (UK_PAGE_SIZE - 1)) == 0 && m->size != 0 && m->va >= UK_PAGE_SIZE &&
	       m->va < VA_END && m->size <= VA_END - m->va;
}

static bool prot_ok(unsigned prot)
{
	const unsigned all = UK_PLAT_READ | UK_PLAT_WRITE | UK_PLAT_EXEC | UK_PLAT_DEVICE;

	return (prot & ~all) == 0 && prot & UK_PLAT_READ && !(prot & UK_PLAT_WRITE && prot & UK_PLAT_EXEC);
}

static bool overlaps(const struct uk_plat_mapping *m, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (m->va < m[i + 1].va + m[i + 1].size && m[i + 1].va < m->va + m->size)
			return true;
	return false;
}

static uint64_t flags_of(unsigned prot)
{
	return (prot & UK_PLAT_WRITE ? UK_KVM_WRITE : 0) | (prot & UK_PLAT_EXEC ? 0 : uk_kvm_nx) |
	       (prot & UK_PLAT_DEVICE ? UK_KVM_UNCACHED : 0);
}

/* 0 if every page of the range is mapped, or none if that is wanted. */
static int check_mapped(const struct uk_plat_mapping *m, bool mapped)
{
	unsigned level;

	for (uintptr_t va = m->va; va < m->va + m->size; va = UK_ALIGN_DOWN(va, page_of(level)) + page_of(level))
		if (!!(*leaf(va, &level) & UK_KVM_PRESENT) != mapped)
			return mapped ? -ENOENT : -EEXIST;
	return 0;
}

/* How many tables mapping a range makes at most: those of each level that it touches with pages below that level. */
static size_t tables_for(const struct uk_plat_mapping *m)
{
	uintptr_t last[TABLES_LEVEL] = {UINTPTR_MAX, UINTPTR_MAX, UINTPTR_MAX}, va = m->va;
	size_t n = 0;

	while (va < m->va + m->size) {
		unsigned level = uk_kvm_table_level(va, m->pa + (va - m->va), m->va + m->size - va);
		const uintptr_t next = va + page_of(level);

		for (; level < TABLES_LEVEL; level++) {
			const uintptr_t table = va / page_of(level + 1);

			n += table != last[level] && !uk_kvm_table_slot(va, level, false);
			last[level] = table;
		}
		va = next;
	}
	return n;
}

/* Have n pages for tables at hand: those that there are, and fresh ones. */
static int collect(size_t n)
{
	void *page, *list = NULL;
	int err = 0;

	for (size_t i = 0; i < n && !err; i++) {
		page = uk_kvm_table_get();
		if (!page && page_take)
			page = page_take();
		if (page) {
			*(void **)page = list;
			list = page;
		} else {
			err = -ENOMEM;
		}
	}
	for (; list; list = page) {
		page = *(void **)list;
		uk_kvm_table_put(list);
	}
	return err;
}

/* Turn the large page behind slot into a table of the next smaller ones. */
static void split(uint64_t *slot, unsigned level)
{
	uint64_t *table = uk_kvm_table_get();
	const uint64_t first = level == 1 ? *slot & ~UK_KVM_LARGE : *slot;

	for (unsigned i = 0; i < ENTRIES; i++)
		table[i] = first + i * page_of(level - 1);
	*slot = (uintptr_t)table | UK_KVM_PRESENT | UK_KVM_WRITE;
}

/* How many tables it takes to have a border between pages at va. */
static size_t splits_at(uintptr_t va)
{
	unsigned level;

	return *leaf(va, &level) & UK_KVM_PRESENT && va & (page_of(level) - 1) ? level : 0;
}

static void flush(const struct uk_plat_mapping *m)
{
	if (m->size > FLUSH_ONE_BY_ONE * UK_PAGE_SIZE)
		uk_kvm_flush_all();
	for (size_t at = 0; at < m->size && m->size <= FLUSH_ONE_BY_ONE * UK_PAGE_SIZE; at += UK_PAGE_SIZE)
		__asm__ volatile("invlpg (%0)" : : "r"(m->va + at) : "memory");
}

/* Let no CPU use what it knows of these ranges. */
static void flush_everywhere(const struct uk_plat_mapping *m, size_t n)
{
	for (size_t i = 0; i < n; i++)
		flush(&m[i]);
	if (UK_SMP)
		uk_kvm_smp_flush();
}

/* Give every page of the range new flags, or take it away if flags is 0. */
static void change(const struct uk_plat_mapping *m, uint64_t flags)
{
	const uintptr_t end = m->va + m->size;

	for (uintptr_t va = m->va; va < end;) {
		unsigned level;
		uint64_t *slot = leaf(va, &level);

		if (va & (page_of(level) - 1) || end - va < page_of(level)) {
			split(slot, level);
			continue;
		}
		*slot = flags ? (*slot & (UK_KVM_ADDRESS | (level ? UK_KVM_LARGE : 0))) | flags : 0;
		va += page_of(level);
	}
}

static bool empty(const uint64_t *table)
{
	unsigned i = 0;

	while (i < ENTRIES && table[i] == 0)
		i++;
	return i == ENTRIES;
}

/* Take the empty tables of one level below the range out of theirs, onto the list. */
static void *prune(const struct uk_plat_mapping *m, unsigned level, void *list)
{
	const size_t size = page_of(level);

	for (uintptr_t va = UK_ALIGN_DOWN(m->va, size); va < m->va + m->size; va += size) {
		uint64_t *slot = uk_kvm_table_slot(va, level, false);
		void *table = slot ? (void *)(*slot & UK_KVM_ADDRESS) : NULL;

		if (!slot || !(*slot & UK_KVM_PRESENT) || *slot & UK_KVM_LARGE || !empty(table))
			continue;
		*slot = 0;
		*(void **)table = list; /* its lowest bit is clear: no entry, should the CPU still look */
		list = table;
	}
	return list;
}

/* After unmapping: flush, and give back the tables that are empty. */
static void free_tables(const struct uk_plat_mapping *m, size_t n)
{
	void *list = NULL, *next;

	for (size_t i = 0; i < n; i++)
		flush(&m[i]);

	for (size_t i = 0; i < n; i++)
		for (unsigned level = 1; level <= TABLES_LEVEL; level++)
			list = prune(&m[i], level, list);
	if (list)
		uk_kvm_flush_all();
	if (UK_SMP)
		uk_kvm_smp_flush();
	for (; list; list = next) {
		next = *(void **)list;
		if (!page_give || uk_kvm_table_own(list))
			uk_kvm_table_put(list);
		else
			page_give(list);
	}
}

static int check_map(const struct uk_plat_mapping *m, size_t n, size_t *tables)
{
	int err = 0;

	for (size_t i = 0; i < n && !err; i++) {
		if (m[i].pa == UK_PLAT_ANY)
			return -ENOTSUP;
		if (!range_ok(&m[i]) || !prot_ok(m[i].prot) || m[i].pa & ~UK_KVM_ADDRESS)
			return -EINVAL;
		err = overlaps(&m[i], n - i - 1) ? -EEXIST : check_mapped(&m[i], false);
		*tables += tables_for(&m[i]);
	}
	return err;
}

int uk_plat_map(const struct uk_plat_mapping *m, size_t n)
{
	const unsigned long state = uk_kvm_map_lock();
	size_t tables = 0;
	int err = check_map(m, n, &tables);

	if (!err)
		err = collect(tables);
	for (size_t i = 0; i < n && !err; i++)
		uk_kvm_table_map(m[i].va, m[i].va + m[i].size, m[i].pa, flags_of(m[i].prot));
	uk_kvm_map_unlock(state);
	return err;
}

static int check_change(const struct uk_plat_mapping *m, size_t n, bool protect)
{
	size_t tables = 0;
	int err = 0;

	for (size_t i = 0; i < n && !err; i++) {
		if (!range_ok(&m[i]) || (protect && !prot_ok(m[i].prot)) || overlaps(&m[i], n - i - 1))
			return -EINVAL;
		err = check_mapped(&m[i], true);
		tables += splits_at(m[i].va) + splits_at(m[i].va + m[i].size);
	}
	return err ? err : collect(tables);
}

int uk_plat_protect(const struct uk_plat_mapping *m, size_t n)
{
	const unsigned long state = uk_kvm_map_lock();
	const int err = check_change(m, n, true);

	for (size_t i = 0; i < n && !err; i++)
		change(&m[i], flags_of(m[i].prot) | UK_KVM_PRESENT);
	if (!err)
		flush_everywhere(m, n);
	uk_kvm_map_unlock(state);
	return err;
}

int uk_plat_unmap(const struct uk_plat_mapping *m, size_t n)
{
	const unsigned long state = uk_kvm_map_lock();
	const int err = check_change(m, n, false);

	for (size_t i = 0; i < n && !err; i++)
		change(&m[i], 0);
	if (!err)
		free_tables(m, n);
	uk_kvm_map_unlock(state);
	return err;
}

uint64_t uk_plat_phys(const void *va)
{
	const uintptr_t at = (uintptr_t)va;
	unsigned long state;
	unsigned level;
	uint64_t entry;

	if (at >= VA_END)
		return UINT64_MAX;
	state = uk_kvm_map_lock();
	entry = *leaf(at, &level);
	uk_kvm_map_unlock(state);
	return entry & UK_KVM_PRESENT ? (entry & UK_KVM_ADDRESS) + (at & (page_of(level) - 1)) : UINT64_MAX;
}
