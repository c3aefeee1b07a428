/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* pthread_atfork: POSIX.1-2017. The handlers are kept for a fork() to come; today's fails with ENOSYS, so that none of
 * them has anything to do. */

#include "internal.h"

#include <stdlib.h>

struct handlers {
	void (*prepare)(void), (*parent)(void), (*child)(void);
	struct handlers *next; /* registered before it */
};

static struct handlers *latest;

int pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void))
{
	struct handlers *h = malloc(sizeof(*h));

	if (!h)
		return ENOMEM;
	*h = (struct handlers){prepare, parent, child, __atomic_load_n(&latest, __ATOMIC_RELAXED)};
	while (!__atomic_compare_exchange_n(&latest, &h->next, h, true, __ATOMIC_RELEASE, __ATOMIC_RELAXED))
		continue;
	return 0;
}
