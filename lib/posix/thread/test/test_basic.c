/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <errno.h>
#include <pthread.h>

#include <uk/test.h>

static void *add_one(void *arg)
{
	return (char *)arg + 1;
}

UK_TEST(pthread, create_and_join)
{
	pthread_t t;
	void *result;
	char base;

	UK_CHECK_EQ(pthread_create(&t, NULL, add_one, &base), 0);
	UK_CHECK_EQ(pthread_join(t, &result), 0);
	UK_CHECK(result == &base + 1);
	UK_CHECK_EQ(pthread_join(t, &result), ESRCH);
}
