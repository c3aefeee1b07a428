/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* RAM is one anonymous mapping, populated on first touch; mappings of the contract are those of the process. */
#include <errno.h>
#include <stdbool.h>
#include <sys/mman.h>

#include <uk/base.h>
#include <uk/plat/memory.h>

#define RAM_SIZE ((size_t)256 << 20) /* enough for every test, little enough to exhaust in one */

const struct uk_plat_region *uk_plat_memory_map(size_t *count)
{
	static struct uk_plat_region ram;

	if (!ram.size) {
		void *p =
		    mmap(NULL, RAM_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

		if (p != MAP_FAILED)
			ram = (struct uk_plat_region){(uintptr_t)p, RAM_SIZE, UK_PLAT_RAM};
	}
	*count = ram.size != 0;
	return &ram;
}

static bool is_valid(const struct uk_plat_mapping *m)
{
	return m->size && !((m->va | m->size) % UK_PAGE_SIZE) && m->va && m->va + m->size > m->va;
}

static bool is_protection(unsigned prot)
{
	return !((prot & UK_PLAT_WRITE) && (!(prot & UK_PLAT_READ) || (prot & UK_PLAT_EXEC)));
}

static int os_protection(unsigned prot)
{
	return (prot & UK_PLAT_READ ? PROT_READ : 0) | (prot & UK_PLAT_WRITE ? PROT_WRITE : 0) |
	       (prot & UK_PLAT_EXEC ? PROT_EXEC : 0);
}

/* How many of the pages are mapped. */
static size_t mapped_pages(const struct uk_plat_mapping *m)
{
	size_t n = 0;

	for (size_t at = 0; at < m->size; at += UK_PAGE_SIZE)
		n += !msync((void *)(m->va + at), UK_PAGE_SIZE, MS_ASYNC);
	return n;
}

/* Check a batch: all pages mapped, or none, and protections that make sense. */
static int check(const struct uk_plat_mapping *m, size_t n, bool mapped, bool with_protection)
{
	for (size_t i = 0; i < n; i++) {
		if (!is_valid(&m[i]) || (with_protection && !is_protection(m[i].prot)))
			return -EINVAL;
		if (mapped_pages(&m[i]) != (mapped ? m[i].size / UK_PAGE_SIZE : 0))
			return mapped ? -ENOENT : -EEXIST;
	}
	return 0;
}

int uk_plat_map(const struct uk_plat_mapping *m, size_t n)
{
	int error = check(m, n, false, true);

	for (size_t i = 0; i < n && !error; i++)
		if (m[i].pa != UK_PLAT_ANY) /* a process has no physical memory to choose from */
			error = -EINVAL;
	for (size_t i = 0; i < n && !error; i++)
		if (mmap((void *)m[i].va, m[i].size, os_protection(m[i].prot),
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0) == MAP_FAILED)
			error = -ENOMEM;
	return error;
}

int uk_plat_protect(const struct uk_plat_mapping *m, size_t n)
{
	int error = check(m, n, true, true);

	for (size_t i = 0; i < n && !error; i++)
		if (mprotect((void *)m[i].va, m[i].size, os_protection(m[i].prot)))
			error = -ENOMEM;
	return error;
}

int uk_plat_unmap(const struct uk_plat_mapping *m, size_t n)
{
	int error = check(m, n, true, false);

	for (size_t i = 0; i < n && !error; i++)
		if (munmap((void *)m[i].va, m[i].size))
			error = -ENOMEM;
	return error;
}

void uk_plat_table_pages(void *(*take)(void)UK_UNUSED, void (*give)(void *page) UK_UNUSED)
{
}

uint64_t uk_plat_phys(const void *va)
{
	return (uintptr_t)va;
}
