/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The byte ring: each side writes only its own counter, with release after touching the data, and reads the other's
 * with acquire before. */
#include <errno.h>
#include <string.h>

#include <uk/ring.h>

int uk_ring_init(struct uk_ring *r, void *data, size_t size)
{
	if (!UK_IS_POW2(size) || size > (size_t)1 << 31)
		return -EINVAL;
	*r = (struct uk_ring){.data = data, .mask = (uint32_t)(size - 1)};
	return 0;
}

size_t uk_ring_used(const struct uk_ring *r)
{
	uint32_t tail = __atomic_load_n(&r->tail, __ATOMIC_ACQUIRE);

	return __atomic_load_n(&r->head, __ATOMIC_ACQUIRE) - tail;
}

size_t uk_ring_space(const struct uk_ring *r)
{
	return (size_t)r->mask + 1 - uk_ring_used(r);
}

size_t uk_ring_write(struct uk_ring *r, const void *buf, size_t len)
{
	uint32_t head = r->head;
	size_t at = head & r->mask, first;

	len = UK_MIN(len, uk_ring_space(r));
	first = UK_MIN(len, (size_t)r->mask + 1 - at);
	memcpy(r->data + at, buf, first);
	memcpy(r->data, (const uint8_t *)buf + first, len - first);
	__atomic_store_n(&r->head, head + (uint32_t)len, __ATOMIC_RELEASE);
	return len;
}

size_t uk_ring_read(struct uk_ring *r, void *buf, size_t len)
{
	uint32_t tail = r->tail;
	size_t at = tail & r->mask, first;

	len = UK_MIN(len, uk_ring_used(r));
	first = UK_MIN(len, (size_t)r->mask + 1 - at);
	memcpy(buf, r->data + at, first);
	memcpy((uint8_t *)buf + first, r->data, len - first);
	__atomic_store_n(&r->tail, tail + (uint32_t)len, __ATOMIC_RELEASE);
	return len;
}
