/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <uk/kvm.h>

#include "../../test/contract.h"

#define VA 0x200000000000ull
#define LARGE ((size_t)2 << 20)
#define HUGE ((size_t)1 << 30)

static char page[2][UK_PAGE_SIZE] UK_ALIGNED(4096);

static struct uk_plat_mapping mapping(uintptr_t va, uint64_t pa, size_t size, unsigned prot)
{
	return (struct uk_plat_mapping){va, pa, size, prot};
}

UK_TEST(kvm, monitor_words_are_taken_out)
{
	UK_CHECK(strstr(uk_plat_cmdline(), "virtio_mmio.device=") == NULL);
	UK_CHECK(strstr(uk_kvm_mmio_devices(), "virtio") == NULL);
}

UK_TEST(kvm, map_makes_an_alias)
{
	struct uk_plat_mapping m = mapping(VA, uk_plat_phys(page[0]), UK_PAGE_SIZE, UK_PLAT_READ | UK_PLAT_WRITE);

	UK_CHECK_EQ(uk_plat_protect(&m, 1), -ENOENT);
	UK_CHECK_EQ(uk_plat_unmap(&m, 1), -ENOENT);
	UK_REQUIRE(uk_plat_map(&m, 1) == 0);
	*(volatile char *)VA = 'x';
	UK_CHECK_EQ(((volatile char *)page[0])[0], 'x');
	UK_CHECK_EQ(uk_plat_phys((void *)(VA + 5)), (uintptr_t)page[0] + 5);
	UK_CHECK_EQ(uk_plat_map(&m, 1), -EEXIST);
	m.prot = UK_PLAT_READ;
	UK_CHECK_EQ(uk_plat_protect(&m, 1), 0);
	UK_CHECK_EQ(*(volatile char *)VA, 'x');
	UK_CHECK_EQ(uk_plat_unmap(&m, 1), 0);
	UK_CHECK(uk_plat_phys((void *)VA) == UINT64_MAX);
	UK_CHECK_EQ(uk_plat_unmap(&m, 1), -ENOENT);
	m.pa = UK_PLAT_ANY;
	UK_CHECK_EQ(uk_plat_map(&m, 1), -ENOTSUP);
}

UK_TEST(kvm, a_batch_is_checked_before_it_is_done)
{
	struct uk_plat_mapping m[] = {
	    mapping(VA, uk_plat_phys(page[0]), UK_PAGE_SIZE, UK_PLAT_READ),
	    mapping(VA + UK_PAGE_SIZE, uk_plat_phys(page[1]), UK_PAGE_SIZE, UK_PLAT_WRITE),
	};

	UK_CHECK_EQ(uk_plat_map(m, 2), -EINVAL);
	UK_CHECK(uk_plat_phys((void *)VA) == UINT64_MAX);
	m[1].prot = UK_PLAT_READ;
	m[1].va = VA;
	UK_CHECK_EQ(uk_plat_map(m, 2), -EEXIST);
	UK_CHECK(uk_plat_phys((void *)VA) == UINT64_MAX);
	m[1].va = VA + UK_PAGE_SIZE;
	UK_REQUIRE(uk_plat_map(m, 2) == 0);
	m[1].va = VA + 2 * UK_PAGE_SIZE;
	UK_CHECK_EQ(uk_plat_unmap(m, 2), -ENOENT);
	UK_CHECK(uk_plat_phys((void *)VA) != UINT64_MAX);
	m[1].va = VA + UK_PAGE_SIZE;
	UK_CHECK_EQ(uk_plat_unmap(m, 2), 0);
	UK_CHECK(uk_plat_phys((void *)(VA + UK_PAGE_SIZE)) == UINT64_MAX);
}

/* Large pages are cut where a border falls into them; nothing is touched behind the mapping, so any address will do. */
static const size_t sizes[] = {8 * LARGE, 2 * HUGE, HUGE + LARGE + UK_PAGE_SIZE};

UK_TEST_EACH(kvm, large_pages_are_split, size_t, sizes)
{
	const uintptr_t middle = VA + LARGE + 5 * UK_PAGE_SIZE;
	struct uk_plat_mapping all = mapping(VA, HUGE, *it, UK_PLAT_READ | UK_PLAT_DEVICE);
	struct uk_plat_mapping hole = mapping(middle, 0, UK_PAGE_SIZE, UK_PLAT_READ | UK_PLAT_WRITE);
	struct uk_plat_mapping rest[] = {
	    mapping(VA, 0, middle - VA, 0),
	    mapping(middle + UK_PAGE_SIZE, 0, VA + *it - middle - UK_PAGE_SIZE, 0),
	};
	int err;

	UK_REQUIRE(uk_plat_map(&all, 1) == 0);
	UK_CHECK_EQ(uk_plat_phys((void *)(VA + *it - 1)), HUGE + *it - 1);
	err = uk_plat_protect(&hole, 1);
	if (err == -ENOMEM) {
		UK_CHECK_EQ(uk_plat_unmap(&all, 1), 0);
		UK_SKIP("no table left: the platform's own reserve is small, and nothing gives more");
	}
	UK_CHECK_EQ(err, 0);
	UK_CHECK_EQ(uk_plat_phys((void *)middle), HUGE + middle - VA);
	UK_CHECK_EQ(uk_plat_unmap(&hole, 1), 0);
	UK_CHECK(uk_plat_phys((void *)middle) == UINT64_MAX);
	UK_CHECK_EQ(uk_plat_phys((void *)(middle - 1)), HUGE + middle - VA - 1);
	UK_CHECK_EQ(uk_plat_phys((void *)(middle + UK_PAGE_SIZE)), HUGE + middle - VA + UK_PAGE_SIZE);
	UK_CHECK_EQ(uk_plat_unmap(&all, 1), -ENOENT);
	UK_CHECK_EQ(uk_plat_unmap(rest, 2), 0);
	UK_CHECK(uk_plat_phys((void *)(VA + *it - 1)) == UINT64_MAX);
}

/* Tables are given back: the same mappings can be made any number of times. */
UK_TEST(kvm, tables_do_not_leak)
{
	struct uk_plat_mapping m = mapping(VA, uk_plat_phys(page[0]), UK_PAGE_SIZE, UK_PLAT_READ);

	for (unsigned i = 0; i < 100; i++) {
		m.va = VA + i * HUGE;
		UK_REQUIRE(uk_plat_map(&m, 1) == 0);
		UK_REQUIRE(uk_plat_unmap(&m, 1) == 0);
	}
}

/* What it maps stays mapped, out of the way of the others. */
UK_TEST_CRASH(kvm, protect_holds, "page fault")
{
	struct uk_plat_mapping m = mapping(VA + 256 * HUGE, uk_plat_phys(page[0]), UK_PAGE_SIZE, UK_PLAT_READ);

	if (uk_plat_map(&m, 1) == 0)
		*(volatile char *)m.va = 1;
}
