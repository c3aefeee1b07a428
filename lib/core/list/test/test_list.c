/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <uk/list.h>
#include <uk/test.h>

struct item {
	int value;
	struct uk_list link;
};

static struct uk_list head;
static struct item items[4];

static int setup(void)
{
	uk_list_init(&head);
	for (int i = 0; i < 4; i++) {
		items[i].value = i;
		uk_list_init(&items[i].link);
	}
	return 0;
}
UK_TEST_FIXTURE(list, setup, NULL);

/* The values in order as decimal digits, checked backwards as well. */
static long digits(void)
{
	long forward = 0, backward = 0, scale = 1;

	UK_LIST_EACH(&head, link)
	forward = forward * 10 + uk_list_entry(link, struct item, link)->value;
	for (struct uk_list *l = head.prev; l != &head; l = l->prev, scale *= 10)
		backward += scale * uk_list_entry(l, struct item, link)->value;
	return forward == backward ? forward : -1;
}

UK_TEST(list, add_and_remove)
{
	UK_CHECK(uk_list_empty(&head));
	uk_list_add_before(&head, &items[1].link);
	uk_list_add_before(&head, &items[2].link);
	uk_list_add_after(&head, &items[3].link);
	UK_CHECK_EQ(digits(), 312);
	uk_list_remove(&items[1].link);
	UK_CHECK_EQ(digits(), 32);
	UK_CHECK(uk_list_empty(&items[1].link));
	uk_list_remove(&items[1].link);
	UK_CHECK_EQ(digits(), 32);
}

UK_TEST(list, pop)
{
	uk_list_add_before(&head, &items[1].link);
	uk_list_add_before(&head, &items[2].link);
	UK_CHECK_PTR(uk_list_pop(&head), &items[1].link);
	UK_CHECK_PTR(uk_list_pop(&head), &items[2].link);
	UK_CHECK_PTR(uk_list_pop(&head), NULL);
}

UK_TEST(list, removal_while_walking)
{
	for (int i = 0; i < 4; i++)
		uk_list_add_before(&head, &items[i].link);
	UK_LIST_EACH(&head, link)
	if (uk_list_entry(link, struct item, link)->value % 2)
		uk_list_remove(link);
	UK_CHECK_EQ(digits(), 2); /* 0, 2 */
	UK_CHECK(!uk_list_empty(&head));
}

UK_TEST(list, splice)
{
	struct uk_list other = UK_LIST_INIT(other);

	uk_list_add_before(&head, &items[1].link);
	uk_list_splice(&head, &other);
	UK_CHECK_EQ(digits(), 1);
	uk_list_add_before(&other, &items[2].link);
	uk_list_add_before(&other, &items[3].link);
	uk_list_splice(&head, &other);
	UK_CHECK_EQ(digits(), 123);
	UK_CHECK(uk_list_empty(&other));
}

UK_TEST(list, stack)
{
	struct uk_stack stack = {NULL}, a, b;

	UK_CHECK_PTR(uk_stack_pop(&stack), NULL);
	uk_stack_push(&stack, &a);
	uk_stack_push(&stack, &b);
	UK_CHECK_PTR(uk_stack_pop(&stack), &b);
	UK_CHECK_PTR(uk_stack_pop(&stack), &a);
	UK_CHECK_PTR(uk_stack_pop(&stack), NULL);
}
