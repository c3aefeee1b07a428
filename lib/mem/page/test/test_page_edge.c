/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The string functions of core/cstd at the edge of what is mapped: they may not touch the page behind. The test is here
 * since it takes pages. */
#include <string.h>

#include <uk/page.h>
#include <uk/test.h>

static char *edge; /* the first byte behind a page, not mapped */
static struct uk_plat_mapping behind;

static int setup(void)
{
	char *p = uk_page_alloc(2);

	if (!p)
		return -1;
	edge = p + UK_PAGE_SIZE;
	behind =
	    (struct uk_plat_mapping){(uintptr_t)edge, uk_plat_phys(edge), UK_PAGE_SIZE, UK_PLAT_READ | UK_PLAT_WRITE};
	memset(p, 'x', UK_PAGE_SIZE);
	if (uk_plat_unmap(&behind, 1))
		edge = NULL;
	return 0;
}

static void teardown(void)
{
	int err = edge ? uk_plat_map(&behind, 1) : 0;

	if (err) { /* where memory cannot be chosen, fresh one will do */
		behind.pa = UK_PLAT_ANY;
		err = uk_plat_map(&behind, 1);
	}
	UK_CHECK_EQ(err, 0);
	uk_page_free((void *)(behind.va - UK_PAGE_SIZE), 2);
}
UK_TEST_FIXTURE(page_edge, setup, teardown);

static void need_edge(void)
{
	if (!edge)
		UK_SKIP("this platform unmaps no memory");
}

UK_TEST(page_edge, memchr)
{
	need_edge();
	for (size_t n = 0; n <= 40; n++) {
		const char *s = edge - n;

		UK_CHECK_PTR(memchr(s, 'y', n), NULL);
		if (!n)
			continue;
		edge[-1] = 'y';
		UK_CHECK_PTR(memchr(s, 'y', n), edge - 1);
		UK_CHECK_PTR(memchr(s, 'y', n + 100), edge - 1); /* C11 7.24.5.1 p2: as if read one after the other */
		UK_CHECK_PTR(memchr(s, 'y', SIZE_MAX), edge - 1);
		edge[-1] = 'x';
	}
}

UK_TEST(page_edge, strings)
{
	need_edge();
	for (size_t n = 1; n <= 40; n++) {
		char *s = edge - n, copy[48];

		edge[-1] = '\0';
		UK_CHECK_EQ(strlen(s), n - 1);
		UK_CHECK_EQ(strnlen(s, 100), n - 1);
		UK_CHECK_PTR(strchr(s, 'y'), NULL);
		UK_CHECK_PTR(strrchr(s, 'y'), NULL);
		UK_CHECK_EQ(strcmp(s, s), 0);
		UK_CHECK_STR(strcpy(copy, s), s);
		edge[-1] = 'x';
		UK_CHECK_EQ(strnlen(s, n), n);
	}
}

UK_TEST(page_edge, blocks)
{
	static char copy[600];

	need_edge();
	for (size_t n = 0; n <= sizeof(copy); n += n < 40 ? 1 : 37) {
		memcpy(copy, edge - n, n);
		UK_CHECK_EQ(memcmp(copy, edge - n, n), 0);
		memmove(edge - n, copy, n);
		memset(edge - n, 'x', n);
		UK_CHECK_EQ(memcmp(copy, edge - n, n), 0);
	}
}
