/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <uk/base.h>
#include <uk/set.h>
#include <uk/test.h>

UK_TEST(base, align)
{
	UK_CHECK_EQ(UK_ALIGN_DOWN(4097u, 4096), 4096);
	UK_CHECK_EQ(UK_ALIGN_UP(4097u, 4096), 8192);
	UK_CHECK_EQ(UK_ALIGN_UP(4096u, 4096), 4096);
	UK_CHECK_EQ(UK_ALIGN_UP(UINT64_C(0x100000001), 16), 0x100000010);
}

UK_TEST(base, is_pow2)
{
	UK_CHECK(!UK_IS_POW2(0));
	UK_CHECK(UK_IS_POW2(1));
	UK_CHECK(UK_IS_POW2(UINT64_C(1) << 63));
	UK_CHECK(!UK_IS_POW2(6));
}

struct outer {
	int before;
	int member;
};

UK_TEST(base, container_of)
{
	struct outer o;

	UK_CHECK_PTR(uk_container_of(&o.member, struct outer, member), &o);
}

/* A set with members, and one that nobody contributes to. */
struct entry {
	int value;
};
static const struct entry one = {1}, two = {2};
UK_SET_ADD(base_test, struct entry, one);
UK_SET_ADD(base_test, struct entry, two);
UK_SET_DECLARE(base_test, struct entry);
UK_SET_DECLARE(base_none, struct entry);

UK_TEST(base, set_enumerates)
{
	int sum = 0, count = 0;

	UK_SET_EACH (base_test, struct entry, it) {
		sum += it->value;
		count++;
	}
	UK_CHECK_EQ(count, 2);
	UK_CHECK_EQ(sum, 3);
}

UK_TEST(base, empty_set)
{
	int count = 0;

	UK_SET_EACH (base_none, struct entry, it)
		count += it != NULL;
	UK_CHECK_EQ(count, 0);
}
