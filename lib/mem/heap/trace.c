/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The recorder: every operation as a compact record, printed on the console as lines "heap.trace: <base64>".
 *
 * Format, also written by the recorder for Linux programs (support/traces/preload.c) as plain bytes: a stream of
 * records, each one letter and then numbers in LEB128:
 *	'a' address/16 size log2(align)		'f' address/16		'r' old/16 new/16 size
 * support/traces/pack.py turns streams into traces, with block numbers in place of addresses.
 *
 * Locking: called with the lock of mem/heap held; the console's is taken inside it. */

#include "internal.h"

#include <mem/heap/config.h>

#include <stdbool.h>
#include <string.h>
#include <uk/base.h>
#include <uk/param.h>
#include <uk/print.h>

#define LINE 72             /* bytes of the stream on a line: 96 characters */
#define RECORD (1 + 3 * 10) /* the longest record */

static bool wanted;
static uint8_t buf[LINE + RECORD];
static size_t used;

UK_PARAM_BOOL("heap.trace", wanted, "print a record of every allocation (option MEM_HEAP_TRACE)");

static char digit(unsigned n)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	return digits[n & 63];
}

/* Print the first len bytes, a multiple of 3, and keep the rest. */
static void print_line(size_t len)
{
	char line[sizeof("heap.trace: ") + LINE / 3 * 4] = "heap.trace: ";
	size_t n = sizeof("heap.trace: ") - 1;

	for (size_t i = 0; i < len; i += 3) {
		unsigned bits = (unsigned)buf[i] << 16 | (unsigned)buf[i + 1] << 8 | buf[i + 2];

		for (int shift = 18; shift >= 0; shift -= 6)
			line[n++] = digit(bits >> shift);
	}
	line[n++] = '\n';
	uk_print_write(line, n);
	used -= len;
	memmove(buf, buf + len, used);
}

static void put_number(uint64_t n)
{
	for (; n >= 128; n >>= 7)
		buf[used++] = (uint8_t)(n | 128);
	buf[used++] = (uint8_t)n;
}

void uk_heap_trace(char op, const void *p, const void *old, size_t size, size_t align)
{
	if (!UK_ENABLED(MEM_HEAP_TRACE) || !wanted)
		return;
	buf[used++] = (uint8_t)op;
	if (op == 'r')
		put_number((uintptr_t)old / 16);
	put_number((uintptr_t)p / 16);
	if (op != 'f')
		put_number(size);
	if (op == 'a')
		put_number((unsigned)__builtin_ctzl(align));
	if (used >= LINE)
		print_line(LINE);
}

void uk_heap_trace_flush(void)
{
	if (!UK_ENABLED(MEM_HEAP_TRACE) || !used)
		return;
	while (used % 3) /* padding: a letter without meaning */
		buf[used++] = ' ';
	print_line(used);
}
