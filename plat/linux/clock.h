/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* A clock that counts cycles, calibrated and kept in step by another one, which is slower to read.
 *
 * The time is a straight line of the cycle counter for a short stretch of it (UK_LINUX_CLOCK_SPAN cycles), after which
 * nobody may use that line: whoever comes later asks the reference and draws the next line, under a lock. It begins
 * where the reference is, or where the last line ended if that is later: then it is less steep, so that the reference
 * has caught up at its end. So the clock never goes back, on no CPU, and is never off by more than the reference's rate
 * changes within one stretch (the kernel changes it by 500 millionths at most: half a microsecond), and the time that
 * reading the reference takes. If the reference itself goes back, this clock does not, and goes on from where it was
 * (by more than UK_LINUX_CLOCK_JUMP) or slower. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define UK_LINUX_CLOCK_SPAN ((uint64_t)1 << 21) /* cycles: about a millisecond */
#define UK_LINUX_CLOCK_JUMP 10000000            /* ns */

/* The time from cycle `begin` on is ns and rate / 2^32 ns for each cycle; span 0: no line. */
struct uk_linux_clock_line {
	uint64_t begin, ns, rate, span;
};

struct uk_linux_clock {
	uint32_t count; /* of lines so far; the last one is lines[count & 1] */
	struct uk_linux_clock_line lines[2];
	/* Used under the lock: */
	uint64_t anchor_cycles, anchor_ns; /* an earlier pair of readings */
	uint64_t baseline;                 /* cycles from there on until the rate is measured */
	uint64_t rate;                     /* of the reference; 0 until it is known */
	uint64_t offset, floor;            /* from the reference to the clock; what was given out at the latest */
	unsigned failures;                 /* how often the rate made no sense */
	bool refused;                      /* draws no more lines */
};

/* Whether the line holds at a cycle. Context: any. */
static inline bool uk_linux_clock_holds(const struct uk_linux_clock_line *l, uint64_t cycles)
{
	return cycles - l->begin < l->span;
}

/* The time on the line at a cycle where it holds. Context: any. */
static inline uint64_t uk_linux_clock_at(const struct uk_linux_clock_line *l, uint64_t cycles)
{
	return l->ns + ((cycles - l->begin) * l->rate >> 32);
}

/* The line in use, consistent though it may be changed meanwhile. Context: any. */
static inline struct uk_linux_clock_line uk_linux_clock_line(const struct uk_linux_clock *k)
{
	struct uk_linux_clock_line l;
	uint32_t count;

	do {
		count = __atomic_load_n(&k->count, __ATOMIC_ACQUIRE);
		l = k->lines[count & 1];
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
	} while (count != __atomic_load_n(&k->count, __ATOMIC_RELAXED));
	return l;
}

/* Whether the next step measures the rate for the first time. Context: under the lock. */
bool uk_linux_clock_is_ready(const struct uk_linux_clock *k, uint64_t cycles);

/* The time at `cycles`, when the reference showed ns; draws a new line if the last one is over and the rate is known.
 * exact: the two were read at the same moment, else the cycles some time later. Context: under the lock. */
uint64_t uk_linux_clock_step(struct uk_linux_clock *k, uint64_t cycles, uint64_t ns, bool exact);

/* From now on it is the reference, ns, plus `offset`, once the last line is over. Context: under the lock. */
void uk_linux_clock_refuse(struct uk_linux_clock *k, uint64_t ns);
