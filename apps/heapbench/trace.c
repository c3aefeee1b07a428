/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include "trace.h"

#include <stdbool.h>
#include <string.h>

#define HEADER 16
#define LARGEST ((uint64_t)1 << 40) /* block */

struct header {
	size_t ops, slots, body;
};

static uint32_t read32(const unsigned char *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static bool read_header(const unsigned char *data, size_t size, struct header *h)
{
	if (size < HEADER || memcmp(data, "UKT1", 4))
		return false;
	*h = (struct header){read32(data + 4), read32(data + 8), read32(data + 12)};
	return h->ops && h->slots && h->slots <= h->ops && h->ops < 1u << 26 && h->body < 1u << 28;
}

/* What is being decoded: the body, and for every block born so far its slot. */
struct decoder {
	const unsigned char *at, *end;
	struct trace_op *ops;
	size_t count;
	uint32_t *slot_of; /* by birth; one for each operation at most */
	uint32_t *vacant;  /* stack of free slots */
	uint64_t *size_of; /* by slot; 0: free, else size + 1 */
	size_t born, vacancies, slots;
	uint64_t live, live_peak;
};

static size_t round16(size_t n)
{
	return (n + 15) & ~(size_t)15;
}

size_t trace_memory(const unsigned char *data, size_t size)
{
	struct header h;

	if (!read_header(data, size, &h))
		return 0;
	return round16((h.ops + h.slots) * sizeof(struct trace_op)) + round16(h.body) + round16(h.ops * 4) +
	       round16(h.slots * 4) + h.slots * 8;
}

/* A length of LZ4: what the nibble says, and more bytes while they are 255. */
static size_t lz4_length(const unsigned char **at, const unsigned char *end, size_t n)
{
	unsigned char byte = 255;

	if (n == 15)
		for (; byte == 255 && *at < end; n += byte)
			byte = *(*at)++;
	return n;
}

/* Unpack exactly `size` bytes in LZ4's block format. */
static bool lz4_unpack(const unsigned char *at, const unsigned char *end, unsigned char *out, size_t size)
{
	unsigned char *to = out, *stop = out + size;

	while (at < end) {
		unsigned token = *at++;
		size_t n = lz4_length(&at, end, token >> 4);

		if (n > (size_t)(end - at) || n > (size_t)(stop - to))
			return false;
		memcpy(to, at, n);
		at += n;
		to += n;
		if (end - at < 2)
			break;
		size_t offset = (size_t)at[0] | (size_t)at[1] << 8;

		at += 2;
		n = lz4_length(&at, end, token & 15) + 4;
		if (!offset || offset > (size_t)(to - out) || n > (size_t)(stop - to))
			return false;
		for (; n; n--, to++)
			*to = to[-(ptrdiff_t)offset];
	}
	return to == stop;
}

static uint64_t number(struct decoder *d)
{
	uint64_t n = 0;

	for (unsigned shift = 0; d->at < d->end && shift < 64; shift += 7) {
		unsigned char byte = *d->at++;

		n |= (uint64_t)(byte & 127) << shift;
		if (byte < 128)
			break;
	}
	return n;
}

static bool put_alloc(struct decoder *d, uint64_t size, unsigned align)
{
	if (!d->vacancies || align > 20 || size > LARGEST)
		return false;
	uint32_t slot = d->vacant[--d->vacancies];

	d->slot_of[d->born++] = slot;
	d->size_of[slot] = size + 1;
	d->live += size;
	d->ops[d->count++] =
	    (struct trace_op){.slot = slot, .kind = TRACE_ALLOC, .align = (uint8_t)align, .size = size};
	return true;
}

static void put_free(struct decoder *d, uint32_t slot)
{
	d->live -= d->size_of[slot] - 1;
	d->size_of[slot] = 0;
	d->vacant[d->vacancies++] = slot;
	d->ops[d->count++] = (struct trace_op){.slot = slot, .kind = TRACE_FREE};
}

static bool put_realloc(struct decoder *d, uint32_t slot, uint64_t size)
{
	if (size > LARGEST)
		return false;
	d->live += size - (d->size_of[slot] - 1);
	d->size_of[slot] = size + 1;
	d->slot_of[d->born++] = slot;
	d->ops[d->count++] = (struct trace_op){.slot = slot, .kind = TRACE_REALLOC, .size = size};
	return true;
}

static bool decode_one(struct decoder *d)
{
	uint64_t value = number(d);
	unsigned kind = value & 3;

	value >>= 2;
	if (kind == 0 || kind == 3)
		return put_alloc(d, value, kind ? (unsigned)number(d) : 4);
	if (value >= d->born)
		return false;
	uint32_t slot = d->slot_of[d->born - 1 - value];

	if (!d->size_of[slot])
		return false;
	if (kind == 1)
		put_free(d, slot);
	else if (!put_realloc(d, slot, number(d)))
		return false;
	return d->live < (uint64_t)1 << 40;
}

int trace_decode(const unsigned char *data, size_t size, void *memory, struct trace *t)
{
	struct header h;
	struct decoder d = {.ops = memory};

	if (!read_header(data, size, &h))
		return -1;
	unsigned char *body = (unsigned char *)memory + round16((h.ops + h.slots) * sizeof(struct trace_op));

	d.slot_of = (uint32_t *)(void *)(body + round16(h.body));
	d.vacant = (uint32_t *)(void *)((unsigned char *)d.slot_of + round16(h.ops * 4));
	d.size_of = (uint64_t *)(void *)((unsigned char *)d.vacant + round16(h.slots * 4));
	d.at = body;
	d.end = body + h.body;
	d.slots = h.slots;
	memset(d.size_of, 0, h.slots * 8);
	for (size_t i = h.slots; i; i--)
		d.vacant[d.vacancies++] = (uint32_t)(i - 1);
	if (!lz4_unpack(data + HEADER, data + size, body, h.body))
		return -1;
	while (d.count < h.ops) {
		if (d.at == d.end || !decode_one(&d))
			return -1;
		if (d.live > d.live_peak)
			d.live_peak = d.live;
	}
	for (uint32_t i = 0; i < h.slots; i++)
		if (d.size_of[i])
			put_free(&d, i);
	t->ops = d.ops;
	t->count = d.count;
	t->slots = h.slots;
	t->live_peak = d.live_peak;
	return 0;
}
