/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* malloc's family on the heap of this library (see mem/heap). The functions with a reentrancy structure are what
 * newlib itself calls. There is no state here: mem/heap has the lock. */
#include <errno.h>
#include <malloc.h>
#include <reent.h>
#include <stdlib.h>

#include <uk/alloc.h>
#include <uk/base.h>
#include <uk/plat/memory.h>

void *pvalloc(size_t size);
void cfree(void *p);

/* Sets errno only in the rare case, and leaves it alone otherwise. */
static inline void *checked(void *p)
{
	if (uk_unlikely(!p))
		errno = ENOMEM;
	return p;
}

void *malloc(size_t size)
{
	return checked(uk_malloc(size));
}

void free(void *p)
{
	uk_free(p);
}

void *calloc(size_t n, size_t size)
{
	return checked(uk_calloc(n, size));
}

void *realloc(void *p, size_t size)
{
	if (uk_unlikely(!size && p)) {
		uk_free(p);
		return NULL;
	}
	return checked(uk_realloc(p, size));
}

void *memalign(size_t align, size_t size)
{
	return checked(uk_memalign(align, size));
}

int posix_memalign(void **out, size_t align, size_t size)
{
	void *p;

	if (align % sizeof(void *) || !UK_IS_POW2(align))
		return EINVAL;
	p = uk_memalign(align, size);
	if (!p)
		return ENOMEM;
	*out = p;
	return 0;
}

void *valloc(size_t size)
{
	return memalign(UK_PAGE_SIZE, size);
}

void *pvalloc(size_t size)
{
	if (size > SIZE_MAX - UK_PAGE_SIZE)
		return checked(NULL);
	return memalign(UK_PAGE_SIZE, UK_ALIGN_UP(size, UK_PAGE_SIZE));
}

size_t malloc_usable_size(void *p)
{
	return uk_malloc_usable(p);
}

void cfree(void *p)
{
	uk_free(p);
}

void *_malloc_r(struct _reent *r UK_UNUSED, size_t size)
{
	return malloc(size);
}

void _free_r(struct _reent *r UK_UNUSED, void *p)
{
	uk_free(p);
}

void *_calloc_r(struct _reent *r UK_UNUSED, size_t n, size_t size)
{
	return calloc(n, size);
}

void *_realloc_r(struct _reent *r UK_UNUSED, void *p, size_t size)
{
	return realloc(p, size);
}

void *_memalign_r(struct _reent *r UK_UNUSED, size_t align, size_t size)
{
	return memalign(align, size);
}
