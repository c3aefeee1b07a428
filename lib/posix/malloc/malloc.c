/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <uk/alloc.h>
#include <uk/base.h>

static void *or_error(void *p)
{
	if (!p)
		errno = ENOMEM;
	return p;
}

void *malloc(size_t size)
{
	return or_error(uk_malloc(size));
}

void *calloc(size_t n, size_t size)
{
	return or_error(uk_calloc(n, size));
}

void *realloc(void *p, size_t size)
{
	return or_error(uk_realloc(p, size));
}

void free(void *p)
{
	uk_free(p);
}

int posix_memalign(void **result, size_t align, size_t size)
{
	void *p;

	if (!UK_IS_POW2(align) || align % sizeof(void *))
		return EINVAL;
	p = uk_memalign(align, size);
	if (!p)
		return ENOMEM;
	*result = p;
	return 0;
}

void *aligned_alloc(size_t align, size_t size)
{
	if (UK_IS_POW2(align))
		return or_error(uk_memalign(align, size));
	errno = EINVAL;
	return NULL;
}

char *strdup(const char *s)
{
	size_t size = strlen(s) + 1;
	char *copy = malloc(size);

	return copy ? memcpy(copy, s, size) : NULL;
}
