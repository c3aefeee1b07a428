/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include "exercise.h"

#include <uk/test.h>

UK_TEST(pqueue, empty)
{
	struct uk_pqueue q = {0};
	struct uk_pqueue_node n = {0};

	UK_CHECK_PTR(uk_pqueue_first(&q), NULL);
	UK_CHECK_PTR(uk_pqueue_pop(&q), NULL);
	UK_CHECK(!uk_pqueue_queued(&n));
	uk_pqueue_add(&q, &n, 1);
	UK_CHECK(uk_pqueue_queued(&n));
	UK_CHECK_PTR(uk_pqueue_next(&n), NULL);
	uk_pqueue_remove(&q, &n);
	UK_CHECK(!uk_pqueue_queued(&n));
	UK_CHECK_PTR(uk_pqueue_first(&q), NULL);
}

UK_TEST(pqueue, equal_keys_in_order)
{
	struct uk_pqueue q = {0};
	struct uk_pqueue_node n[8] = {{0}};
	static const int order[] = {0, 1, 3, 2, 4, 5, 6, 7};

	for (int i = 0; i < 8; i++)
		uk_pqueue_add(&q, &n[i], i < 4 ? 7 : UINT64_MAX);
	uk_pqueue_remove(&q, &n[2]);
	uk_pqueue_add(&q, &n[2], 7);
	for (int i = 0; i < 8; i++)
		UK_CHECK_PTR(uk_pqueue_pop(&q), &n[order[i]]);
}

/* Ascending and descending orders make the longest lists of children. */
UK_TEST(pqueue, sorts)
{
	static struct uk_pqueue_node n[1000];
	struct uk_pqueue q = {0};

	for (uint64_t round = 0; round < 3; round++) {
		for (uint64_t i = 0; i < 1000; i++)
			uk_pqueue_add(&q, &n[i], round == 0 ? i : round == 1 ? 1000 - i : i * 7919 % 1000);
		for (uint64_t i = 0, last = 0; i < 1000; i++) {
			const struct uk_pqueue_node *first = uk_pqueue_pop(&q);

			UK_REQUIRE(first && first->key >= last);
			last = first->key;
		}
		UK_CHECK_PTR(uk_pqueue_first(&q), NULL);
	}
}

static const unsigned key_ranges[] = {1, 8, 1000000};

/* Few keys, so that many are equal, and many. */
UK_TEST_EACH(pqueue, as_the_model, unsigned, key_ranges)
{
	static struct uk_pqueue_exercise x;
	uint32_t random = *it;
	const char *fault = NULL;

	x = (struct uk_pqueue_exercise){0};
	for (int i = 0; i < 20000 && !fault; i++) {
		random = random * 1664525 + 1013904223;
		/* Phases of filling and emptying. */
		fault = uk_pqueue_exercise_step(&x, (random >> 8) % 8 + (i / 500 % 2 ? 0 : 1), random >> 16,
						(random >> 4) % *it);
	}
	UK_CHECK_STR(fault, NULL);
}
