/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Rings of bytes and of pointers over memory that the caller gives; sizes are powers of two. Positions are free-running
 * 32-bit counters, so a ring of n entries holds n of them.
 *
 * struct uk_ring: bytes, one producer and one consumer, which may be an interrupt handler and a thread or two CPUs.
 * struct uk_ring_ptr: pointers, any number of producers, one consumer (MPSC); a producer in an interrupt handler may
 * interrupt another one. Neither locks nor waits: full and empty are results. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/base.h>

struct uk_ring {
	uint8_t *data;
	uint32_t mask;                /* size - 1 */
	uint32_t head UK_ALIGNED(64); /* written by the producer */
	uint32_t tail UK_ALIGNED(64); /* written by the consumer */
};

/* Make an empty ring over size bytes at data, which stay the caller's. 0, or -EINVAL if size is not a power of
 * two up to 2^31. Context: any. */
int uk_ring_init(struct uk_ring *r, void *data, size_t size);

/* Bytes that can be read, or written. A lower bound for the other side's benefit: the producer's own view
 * of the space and the consumer's own view of the content only grow. Context: any. */
size_t uk_ring_used(const struct uk_ring *r);
size_t uk_ring_space(const struct uk_ring *r);

/* Append up to len bytes; returns how many fitted. Context: any, the producer only. */
size_t uk_ring_write(struct uk_ring *r, const void *buf, size_t len);

/* Take up to len bytes; returns how many there were. Context: any, the consumer only. */
size_t uk_ring_read(struct uk_ring *r, void *buf, size_t len);

/* One slot of a pointer ring. */
struct uk_ring_slot {
	uint32_t turn;
	void *ptr;
};

struct uk_ring_ptr {
	struct uk_ring_slot *slots;
	uint32_t mask;
	uint32_t head UK_ALIGNED(64); /* producers */
	uint32_t tail UK_ALIGNED(64); /* the consumer */
};

/* Make an empty ring over count slots, which stay the caller's. 0, or -EINVAL as uk_ring_init(). Context: any. */
int uk_ring_ptr_init(struct uk_ring_ptr *r, struct uk_ring_slot *slots, size_t count);

/* Append one pointer, which must not be NULL; false if the ring is full. Context: any. */
bool uk_ring_ptr_push(struct uk_ring_ptr *r, void *ptr);

/* Take the oldest one; NULL if there is none. A pointer whose push is still in progress and those behind
 * it do not count yet. Context: any, the consumer only. */
void *uk_ring_ptr_pop(struct uk_ring_ptr *r);
