/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <errno.h>

#include <uk/ring.h>
#include <uk/test.h>

UK_TEST(ring, sizes_are_checked)
{
	struct uk_ring r;
	struct uk_ring_ptr p;
	struct uk_ring_slot slots[2];
	char data[8];

	UK_CHECK_EQ(uk_ring_init(&r, data, 0), -EINVAL);
	UK_CHECK_EQ(uk_ring_init(&r, data, 6), -EINVAL);
	UK_CHECK_EQ(uk_ring_init(&r, data, (size_t)1 << 32), -EINVAL);
	UK_CHECK_EQ(uk_ring_init(&r, data, 8), 0);
	UK_CHECK_EQ(uk_ring_ptr_init(&p, slots, 1), -EINVAL);
	UK_CHECK_EQ(uk_ring_ptr_init(&p, slots, 2), 0);
}

UK_TEST(ring, holds_its_whole_size)
{
	struct uk_ring r;
	char data[8], out[9];

	UK_REQUIRE(uk_ring_init(&r, data, 8) == 0);
	UK_CHECK_EQ(uk_ring_read(&r, out, 9), 0);
	UK_CHECK_EQ(uk_ring_write(&r, "0123456789", 10), 8);
	UK_CHECK_EQ(uk_ring_used(&r), 8);
	UK_CHECK_EQ(uk_ring_space(&r), 0);
	UK_CHECK_EQ(uk_ring_write(&r, "x", 1), 0);
	UK_CHECK_EQ(uk_ring_read(&r, out, 9), 8);
	UK_CHECK_EQ(out[7], '7');
}

/* Pieces of changing length, the counters crossing 2^32: what comes out is what went in. */
UK_TEST(ring, wraps)
{
	struct uk_ring r;
	uint8_t data[16], in[16], out[16], next_in = 0, next_out = 0;

	UK_REQUIRE(uk_ring_init(&r, data, 16) == 0);
	r.head = r.tail = UINT32_MAX - 40;
	for (unsigned round = 0; round < 500; round++) {
		size_t len = round % 17, n;

		for (size_t i = 0; i < len && i < sizeof(in); i++)
			in[i] = (uint8_t)(next_in + i);
		n = uk_ring_write(&r, in, UK_MIN(len, sizeof(in)));
		next_in = (uint8_t)(next_in + n);
		n = uk_ring_read(&r, out, (round * 7) % 16 + 1);
		for (size_t i = 0; i < n; i++)
			UK_REQUIRE(out[i] == next_out++);
	}
	UK_CHECK_EQ((uint8_t)(next_in - next_out), uk_ring_used(&r));
}

UK_TEST(ring, pointers_in_order)
{
	struct uk_ring_ptr r;
	struct uk_ring_slot slots[4];
	char items[100];
	size_t pushed = 0, popped = 0;

	UK_REQUIRE(uk_ring_ptr_init(&r, slots, 4) == 0);
	UK_CHECK_PTR(uk_ring_ptr_pop(&r), NULL);
	while (popped < 100) {
		while (pushed < 100 && uk_ring_ptr_push(&r, &items[pushed]))
			pushed++;
		UK_REQUIRE(pushed - popped == UK_MIN((size_t)4, 100 - popped));
		for (int i = 0; i < 3 && popped < 100; i++)
			UK_REQUIRE(uk_ring_ptr_pop(&r) == &items[popped++]);
	}
	UK_CHECK_PTR(uk_ring_ptr_pop(&r), NULL);
}

/* A producer that was interrupted between claiming and filling its slot hides what came after it, and loses nothing. */
UK_TEST(ring, interrupted_producer)
{
	struct uk_ring_ptr r;
	struct uk_ring_slot slots[4];
	int a, b;

	UK_REQUIRE(uk_ring_ptr_init(&r, slots, 4) == 0);
	r.head++; /* claimed */
	UK_CHECK(uk_ring_ptr_push(&r, &b));
	UK_CHECK_PTR(uk_ring_ptr_pop(&r), NULL);
	slots[0].ptr = &a; /* goes on */
	slots[0].turn = 1;
	UK_CHECK_PTR(uk_ring_ptr_pop(&r), &a);
	UK_CHECK_PTR(uk_ring_ptr_pop(&r), &b);
}
