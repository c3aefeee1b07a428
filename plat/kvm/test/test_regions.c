/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The memory map against a model: one kind for each page. A second copy of the code is used, since the first one holds
 * the map of the machine that the test runs on. */

#define uk_plat_memory_map uk_kvm_test_map
#define uk_kvm_region_set uk_kvm_test_region_set
#define uk_kvm_region_take uk_kvm_test_region_take
#define uk_kvm_region_init uk_kvm_test_region_init
const struct uk_plat_region *uk_kvm_test_map(unsigned long *n);
#include "../regions.c" /* under the names above */

#include <uk/test.h>

#define PAGES 200
#define NONE 9

static unsigned char model[PAGES];
static uint32_t state;

static uint32_t random_below(uint32_t n)
{
	state = state * 1664525 + 1013904223;
	return (state >> 8) % n;
}

static int start_empty(void)
{
	count = 0;
	memset(model, NONE, sizeof(model));
	return 0;
}
UK_TEST_FIXTURE(regions, start_empty, NULL);

/* Set bytes [base, end), of which RAM keeps whole pages only and everything else takes every page it touches. */
static void set_both(uint32_t base, uint32_t end, enum uk_plat_region_kind kind)
{
	const uint32_t size = UK_PAGE_SIZE, in = kind == UK_PLAT_RAM ? size - 1 : 0;

	uk_kvm_region_set(base, end, kind);
	for (uint32_t page = (base + in) / size; page < (end + size - 1 - in) / size; page++)
		model[page] = (unsigned char)kind;
}

static unsigned kind_of(uint32_t page)
{
	for (size_t i = 0; i < count; i++)
		if (map[i].base <= page * UK_PAGE_SIZE && page * UK_PAGE_SIZE < map[i].base + map[i].size)
			return map[i].kind;
	return NONE;
}

static void compare(void)
{
	for (uint32_t page = 0; page < PAGES; page++)
		UK_REQUIRE(kind_of(page) == model[page]);
	for (size_t i = 1; i < count; i++) {
		const uintptr_t end = map[i - 1].base + map[i - 1].size;

		UK_REQUIRE(map[i].base > end || (map[i].base == end && map[i].kind != map[i - 1].kind));
	}
}

static const uint32_t seeds[] = {1, 2, 3, 4, 5, 6, 7, 8};

UK_TEST_EACH(regions, agree_with_a_model, uint32_t, seeds)
{
	state = *it;
	for (unsigned i = 0; i < 200 && count < REGIONS - REGIONS_KEPT; i++) {
		const uint32_t base = random_below((PAGES - 40) * UK_PAGE_SIZE);

		set_both(base, base + random_below(40 * UK_PAGE_SIZE), (enum uk_plat_region_kind)random_below(4));
		compare();
	}
}

UK_TEST(regions, take_finds_the_first_that_fits)
{
	set_both(2 * UK_PAGE_SIZE, 5 * UK_PAGE_SIZE, UK_PLAT_RAM);
	set_both(10 * UK_PAGE_SIZE, 30 * UK_PAGE_SIZE, UK_PLAT_RAM);
	UK_CHECK_EQ(uk_kvm_region_take(4, 1 << 30), 10 * UK_PAGE_SIZE);
	UK_CHECK_EQ(uk_kvm_region_take(3, 1 << 30), 2 * UK_PAGE_SIZE);
	UK_CHECK_EQ(uk_kvm_region_take(1, 14 * UK_PAGE_SIZE), 0);
	UK_CHECK_EQ(uk_kvm_region_take(17, 1 << 30), 0);
	UK_CHECK_EQ(kind_of(13), UK_PLAT_RESERVED);
	UK_CHECK_EQ(kind_of(14), UK_PLAT_RAM);
}

/* A monitor's map that is too long, wraps around or is upside down loses memory, nothing else. */
UK_TEST(regions, survive_a_strange_map)
{
	for (uint64_t i = 0; i < 1000; i++)
		uk_kvm_region_set((1 + 2 * i) * UK_PAGE_SIZE, (2 + 2 * i) * UK_PAGE_SIZE, UK_PLAT_RAM);
	UK_CHECK(count <= REGIONS - REGIONS_KEPT + 1);
	uk_kvm_region_set(UINT64_MAX - 100, 50, UK_PLAT_RESERVED);
	uk_kvm_region_set(UINT64_MAX - 100, UINT64_MAX, UK_PLAT_RESERVED);
	uk_kvm_region_set(0, UK_PAGE_SIZE, UK_PLAT_RESERVED);
	UK_CHECK_EQ(map[0].base, 0);
	for (uint64_t i = 0; i < 1000; i++)
		uk_kvm_region_set(i * 4 * UK_PAGE_SIZE, (i * 4 + 1) * UK_PAGE_SIZE, UK_PLAT_RESERVED);
	UK_CHECK(count <= REGIONS);
}
