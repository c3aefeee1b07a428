/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <uk/plat/boot.h>
#include <uk/plat/cpu.h>
#include <uk/plat/memory.h>
#include <uk/plat/time.h>
#include <uk/test.h>

UK_TEST(host, clock_goes_forward)
{
	uint64_t a = uk_plat_time_ns(), b = uk_plat_time_ns();

	UK_CHECK(b >= a);
	UK_CHECK(uk_plat_wall_ns() > UINT64_C(1500000000000000000));
}

UK_TEST(host, idle_ends_at_the_deadline)
{
	uint64_t deadline = uk_plat_time_ns() + 2000000;

	while (uk_plat_time_ns() < deadline)
		uk_plat_idle(deadline);
	UK_CHECK(uk_plat_time_ns() >= deadline);
}

UK_TEST(host, seed_differs)
{
	uint64_t a, b;

	UK_CHECK_EQ(uk_plat_seed(&a, sizeof(a)), 0);
	UK_CHECK_EQ(uk_plat_seed(&b, sizeof(b)), 0);
	UK_CHECK(a != b);
}

UK_TEST(host, memory_map_is_there)
{
	size_t count;
	const struct uk_plat_region *map = uk_plat_memory_map(&count);

	UK_REQUIRE(count == 1);
	UK_CHECK_EQ(map->kind, UK_PLAT_RAM);
	UK_CHECK(map->size >= 64 << 20);
}

UK_TEST(host, mapping)
{
	struct uk_plat_mapping m = {UINT64_C(0x200000000000), UK_PLAT_ANY, UK_PAGE_SIZE, UK_PLAT_READ | UK_PLAT_WRITE};
	struct uk_plat_mapping bad = m;

	bad.prot = UK_PLAT_WRITE | UK_PLAT_EXEC | UK_PLAT_READ;
	UK_CHECK_EQ(uk_plat_map(&bad, 1), -22);
	UK_CHECK_EQ(uk_plat_unmap(&m, 1), -2);
	UK_REQUIRE(uk_plat_map(&m, 1) == 0);
	UK_CHECK_EQ(*(volatile char *)m.va, 0);
	UK_CHECK_EQ(uk_plat_map(&m, 1), -17);
	m.prot = UK_PLAT_READ;
	UK_CHECK_EQ(uk_plat_protect(&m, 1), 0);
	UK_CHECK_EQ(uk_plat_unmap(&m, 1), 0);
}

UK_TEST_CRASH(host, page_zero, "page fault")
{
	volatile uintptr_t address = 8; /* hidden from the compiler, which would warn */

	*(volatile char *)address = 1;
}

static volatile bool deeper = true;

static int __attribute__((noinline)) overflow(volatile char *above)
{
	volatile char frame[4096];

	frame[0] = *above;
	return deeper ? overflow(frame) + frame[1] : 0;
}

UK_TEST_CRASH(host, stack_overflow, "page fault")
{
	char c = 0;

	overflow(&c);
}
