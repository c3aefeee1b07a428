/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The pointer ring after D. Vyukov's bounded queue: a slot's turn says whose it is. turn == position: free for the
 * producer of that position; turn == position + 1: filled. A producer claims a position with one compare-and-swap
 * and publishes by setting the turn, so a producer that interrupts another one just takes the next slot. */
#include <errno.h>

#include <uk/ring.h>

int uk_ring_ptr_init(struct uk_ring_ptr *r, struct uk_ring_slot *slots, size_t count)
{
	if (!UK_IS_POW2(count) || count < 2 || count > (size_t)1 << 31) /* with one slot a turn would mean two things */
		return -EINVAL;
	*r = (struct uk_ring_ptr){.slots = slots, .mask = (uint32_t)(count - 1)};
	for (size_t i = 0; i < count; i++)
		slots[i].turn = (uint32_t)i;
	return 0;
}

bool uk_ring_ptr_push(struct uk_ring_ptr *r, void *ptr)
{
	uint32_t at = __atomic_load_n(&r->head, __ATOMIC_RELAXED);

	for (;;) {
		struct uk_ring_slot *slot = &r->slots[at & r->mask];
		int32_t ahead = (int32_t)(__atomic_load_n(&slot->turn, __ATOMIC_ACQUIRE) - at);

		if (ahead < 0)
			return false;
		if (ahead > 0) { /* another producer was quicker */
			at = __atomic_load_n(&r->head, __ATOMIC_RELAXED);
			continue;
		}
		if (__atomic_compare_exchange_n(&r->head, &at, at + 1, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
			slot->ptr = ptr;
			__atomic_store_n(&slot->turn, at + 1, __ATOMIC_RELEASE);
			return true;
		}
	}
}

void *uk_ring_ptr_pop(struct uk_ring_ptr *r)
{
	struct uk_ring_slot *slot = &r->slots[r->tail & r->mask];
	void *ptr;

	if (__atomic_load_n(&slot->turn, __ATOMIC_ACQUIRE) != r->tail + 1)
		return NULL;
	ptr = slot->ptr;
	__atomic_store_n(&slot->turn, r->tail + r->mask + 1, __ATOMIC_RELEASE);
	r->tail++;
	return ptr;
}
