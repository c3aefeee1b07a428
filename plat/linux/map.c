/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Mappings of a process are the kernel's: one system call each. There are no physical addresses; fresh memory is what
 * can be mapped. */

#include <errno.h>
#include <stdbool.h>

#include <uk/base.h>
#include <uk/plat/memory.h>

#include "mman.h"
#include "syscall.h"

#define VA_END (1ull << 47)

void uk_plat_table_pages(void *(*take)(void)UK_UNUSED, void (*give)(void *page) UK_UNUSED)
{
}

static int check(const struct uk_plat_mapping *m, bool prot)
{
	const bool range = ((m->va | m->size) & (UK_PAGE_SIZE - 1)) == 0 && m->size != 0 && m->va >= UK_PAGE_SIZE &&
			   m->va < VA_END && m->size <= VA_END - m->va;
	const bool wanted = !prot || (m->prot & ~7u) == 0;

	if (!range || !wanted || (prot && !(m->prot & UK_PLAT_READ)) ||
	    (prot && m->prot & UK_PLAT_WRITE && m->prot & UK_PLAT_EXEC))
		return -EINVAL;
	return 0;
}

static bool overlaps(const struct uk_plat_mapping *m, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (m->va < m[i + 1].va + m[i + 1].size && m[i + 1].va < m->va + m->size)
			return true;
	return false;
}

/* UK_PLAT_READ, WRITE and EXEC are PROT_READ, PROT_WRITE and PROT_EXEC. */
static int map_one(const struct uk_plat_mapping *m)
{
	const long flags =
	    UK_LINUX_MAP_PRIVATE | UK_LINUX_MAP_ANONYMOUS | UK_LINUX_MAP_NORESERVE | UK_LINUX_MAP_FIXED_NOREPLACE;
	const long at = uk_linux_call6(UK_LINUX_MMAP, (long)m->va, (long)m->size, m->prot, flags, -1, 0);

	if (at == (long)m->va)
		return 0;
	if (at < 0 && at > -4096)
		return at == -EEXIST ? -EEXIST : -ENOMEM;
	uk_linux_call3(UK_LINUX_MUNMAP, at, (long)m->size, 0); /* a kernel before 4.17, which took the flag as a wish */
	return -EEXIST;
}

int uk_plat_map(const struct uk_plat_mapping *m, size_t n)
{
	int err = 0;
	size_t done;

	for (size_t i = 0; i < n; i++) {
		if (m[i].pa != UK_PLAT_ANY && m[i].pa != m[i].va)
			return -ENOTSUP;
		err = check(&m[i], true);
		if (err || overlaps(&m[i], n - i - 1))
			return err ? err : -EEXIST;
	}
	for (done = 0; done < n && !err; done++)
		err = map_one(&m[done]);
	if (err && done > 1)
		uk_plat_unmap(m, done - 1);
	return err;
}

/* Whether all of the ranges are mapped: msync(2) looks at that even when it has nothing to do. */
static int check_all(const struct uk_plat_mapping *m, size_t n, bool prot)
{
	for (size_t i = 0; i < n; i++) {
		if (check(&m[i], prot) || overlaps(&m[i], n - i - 1))
			return -EINVAL;
		if (uk_linux_call3(UK_LINUX_MSYNC, (long)m[i].va, (long)m[i].size, UK_LINUX_MS_ASYNC) < 0)
			return -ENOENT;
	}
	return 0;
}

/* Only the kernel's limit on the number of mappings can make these fail after the check; a batch may then be half
 * done. */
int uk_plat_protect(const struct uk_plat_mapping *m, size_t n)
{
	int err = check_all(m, n, true);

	for (size_t i = 0; i < n && !err; i++)
		err = (int)uk_linux_call3(UK_LINUX_MPROTECT, (long)m[i].va, (long)m[i].size, m[i].prot);
	return err;
}

int uk_plat_unmap(const struct uk_plat_mapping *m, size_t n)
{
	int err = check_all(m, n, false);

	for (size_t i = 0; i < n && !err; i++)
		err = (int)uk_linux_call3(UK_LINUX_MUNMAP, (long)m[i].va, (long)m[i].size, 0);
	return err;
}

uint64_t uk_plat_phys(const void *va)
{
	return (uintptr_t)va;
}
