/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include "../../test/contract.h"
#include "../linux.h"
#include "../syscall.h"

#define VA 0x200000000000ull

static struct uk_plat_mapping mapping(uintptr_t va, size_t size, unsigned prot)
{
	return (struct uk_plat_mapping){va, UK_PLAT_ANY, size, prot};
}

UK_TEST(process, map_protect_unmap)
{
	struct uk_plat_mapping m = mapping(VA, 2 * UK_PAGE_SIZE, UK_PLAT_READ | UK_PLAT_WRITE);

	UK_CHECK_EQ(uk_plat_protect(&m, 1), -ENOENT);
	UK_CHECK_EQ(uk_plat_unmap(&m, 1), -ENOENT);
	UK_REQUIRE(uk_plat_map(&m, 1) == 0);
	UK_CHECK_EQ(*(volatile char *)VA, 0);
	*(volatile char *)VA = 'x';
	UK_CHECK_EQ(uk_plat_map(&m, 1), -EEXIST);
	m.prot = UK_PLAT_READ;
	UK_CHECK_EQ(uk_plat_protect(&m, 1), 0);
	UK_CHECK_EQ(*(volatile char *)VA, 'x');
	UK_CHECK_EQ(uk_plat_unmap(&m, 1), 0);
	UK_CHECK_EQ(uk_plat_unmap(&m, 1), -ENOENT);
	m.pa = 0x1000;
	UK_CHECK_EQ(uk_plat_map(&m, 1), -ENOTSUP);
}

UK_TEST(process, a_failed_batch_leaves_nothing)
{
	struct uk_plat_mapping taken = mapping(VA + 4 * UK_PAGE_SIZE, UK_PAGE_SIZE, UK_PLAT_READ);
	struct uk_plat_mapping m[] = {mapping(VA, UK_PAGE_SIZE, UK_PLAT_READ), taken};

	UK_REQUIRE(uk_plat_map(&taken, 1) == 0);
	UK_CHECK_EQ(uk_plat_map(m, 2), -EEXIST);
	UK_CHECK_EQ(uk_plat_unmap(m, 1), -ENOENT);
	UK_CHECK_EQ(uk_plat_unmap(&taken, 1), 0);
}

UK_TEST_CRASH(process, protect_holds, "page fault")
{
	struct uk_plat_mapping m = mapping(VA + (1ull << 30), UK_PAGE_SIZE, UK_PLAT_READ);

	if (uk_plat_map(&m, 1) == 0)
		*(volatile char *)m.va = 1;
}

UK_TEST_CRASH(process, general_protection, "general protection")
{
	plat_address = 0x8000000000000000; /* not canonical */
	plat_write();
}

UK_TEST(process, clock_needs_no_system_call)
{
	if (!uk_linux_auxv(UK_LINUX_AT_SYSINFO_EHDR))
		UK_SKIP("this kernel maps no vDSO");
	UK_CHECK(uk_linux_vdso_find("__vdso_clock_gettime") != NULL);
	UK_CHECK(uk_linux_vdso_find("__vdso_no_such_function") == NULL);
}

static void nothing(void *arg UK_UNUSED)
{
}

UK_TEST(process, lines_are_descriptors)
{
	UK_CHECK_EQ(uk_plat_irq_attach(999, nothing, NULL), -EINVAL);
	UK_CHECK_EQ(uk_plat_irq_attach(1, nothing, NULL), 0);
	UK_CHECK_EQ(uk_plat_irq_attach(1, nothing, NULL), -EBUSY);
	UK_CHECK_EQ(uk_plat_irq_attach(1, NULL, NULL), 0);
	UK_CHECK_EQ(uk_plat_irq_attach(1, NULL, NULL), 0);
}

static volatile int drained;
static volatile bool drained_masked;

static void drain(void *arg)
{
	const unsigned long state = uk_plat_irq_save();
	char byte;

	drained += uk_linux_call3(UK_LINUX_READ, *(const int *)arg, (long)&byte, 1) == 1;
	drained_masked = state != 0;
	uk_plat_irq_restore(state);
}

/* Whether it was called within a second of the writing. */
static bool is_noticed(int to, bool idle)
{
	const uint64_t end = uk_plat_time_ns() + 1000000000;
	const int before = drained;

	UK_CHECK_EQ(uk_linux_call3(UK_LINUX_WRITE, to, (long)"x", 1), 1);
	while (drained == before && uk_plat_time_ns() < end) {
		const unsigned long state = uk_plat_irq_save();

		if (idle && drained == before)
			uk_plat_idle(end);
		uk_plat_irq_restore(state);
	}
	return drained == before + 1 && drained_masked;
}

UK_TEST(process, a_line_is_noticed)
{
	static int ends[2];
	const unsigned long state = uk_plat_irq_save();

	uk_plat_irq_restore(state);
	UK_REQUIRE(uk_linux_call3(UK_LINUX_PIPE, (long)ends, 0, 0) == 0);
	UK_REQUIRE(uk_plat_irq_attach((unsigned)ends[0], drain, &ends[0]) == 0);
	if (uk_plat_cpu() == 0)
		UK_CHECK(is_noticed(ends[1], true));
	for (unsigned i = 0; i < 20 && state == 0; i++) /* with interrupts enabled while busy, too */
		UK_CHECK(is_noticed(ends[1], false));
	UK_CHECK_EQ(uk_plat_irq_attach((unsigned)ends[0], NULL, NULL), 0);
	uk_linux_call3(UK_LINUX_CLOSE, ends[0], 0, 0);
	uk_linux_call3(UK_LINUX_CLOSE, ends[1], 0, 0);
}
