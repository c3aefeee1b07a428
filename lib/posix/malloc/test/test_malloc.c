/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <uk/test.h>

static volatile size_t huge = SIZE_MAX / 2; /* hidden from the compiler, which knows that this cannot work */

UK_TEST(malloc, gives_memory)
{
	char *p = malloc(100), *q = calloc(10, 10);

	UK_REQUIRE(p && q);
	UK_CHECK_EQ((uintptr_t)p % 16, 0);
	memset(p, 1, 100);
	for (int i = 0; i < 100; i++)
		UK_REQUIRE(!q[i]);
	p = realloc(p, 1000);
	UK_REQUIRE(p);
	UK_CHECK_EQ(p[99], 1);
	free(p);
	free(q);
	free(NULL);
}

UK_TEST(malloc, failure_sets_errno)
{
	errno = 0;
	UK_CHECK_PTR(malloc(huge), NULL);
	UK_CHECK_EQ(errno, ENOMEM);
	errno = 0;
	UK_CHECK_PTR(calloc(huge, 4), NULL);
	UK_CHECK_EQ(errno, ENOMEM);
	errno = 0;
	UK_CHECK_PTR(aligned_alloc(24, 100), NULL);
	UK_CHECK_EQ(errno, EINVAL);
}

UK_TEST(malloc, alignment)
{
	void *p = aligned_alloc(256, 10), *q = NULL;

	UK_CHECK(p && (uintptr_t)p % 256 == 0);
	UK_CHECK_EQ(posix_memalign(&q, 4096, 10), 0);
	UK_CHECK(q && (uintptr_t)q % 4096 == 0);
	UK_CHECK_EQ(posix_memalign(&q, 4, 10), EINVAL);
	UK_CHECK_EQ(posix_memalign(&q, 64, huge), ENOMEM);
	free(p);
	free(q);
}

UK_TEST(malloc, strdup)
{
	char *copy = strdup("text");

	UK_CHECK_STR(copy, "text");
	free(copy);
}
