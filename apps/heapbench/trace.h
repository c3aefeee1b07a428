/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Recorded traces, ready to be replayed. Portable C: support/bench/heap_peer.c builds the same files for Linux. The
 * format is described in support/traces/pack.py. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum trace_kind {
	TRACE_ALLOC,   /* size bytes into the slot, at 2^align */
	TRACE_FREE,    /* the slot's block */
	TRACE_REALLOC, /* the slot's block to size bytes */
};

/* One operation. Every block has a slot, of which there are as many as blocks live at a time. */
struct trace_op {
	uint32_t slot;
	uint8_t kind, align;
	uint16_t unused;
	uint64_t size;
};

struct trace {
	const char *name;
	const struct trace_op *ops;
	size_t count, slots;
	size_t live_peak; /* bytes requested that live at a time, at most */
};

/* Bytes of memory that decoding the trace file [data, data + size) needs; 0 if it is not a trace. Pure. */
size_t trace_memory(const unsigned char *data, size_t size);

/* Decode a trace file into *t, using the memory (aligned to 16, of trace_memory() bytes) for what t refers to. The
 * operations are followed by those that free what is live at the end. 0, or -1 if the file is damaged. Pure. */
int trace_decode(const unsigned char *data, size_t size, void *memory, struct trace *t);
