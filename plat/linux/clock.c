/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <uk/base.h>

#include "clock.h"

#define BASELINE_FIRST ((uint64_t)1 << 23) /* cycles: a few milliseconds, enough for 30 millionths */
#define BASELINE ((uint64_t)1 << 26)
#define ANCHOR_OLD ((uint64_t)1 << 31) /* cycles: then a new one is taken, to follow changes of the rate */
#define RATE_CHANGE 1024               /* a part of the rate by which no reference changes its own */
#define SLEW_MOST 8                    /* the part of the rate by which the clock is slowed down at most */
#define LITTLE_BACK 4096               /* cycles by which counters of CPUs differ at most */

/* ns in 2^-32 for each cycle. */
static uint64_t rate_of(uint64_t ns, uint64_t cycles)
{
	while (ns >> 31) {
		ns >>= 1;
		cycles >>= 1;
	}
	return (ns << 32) / UK_MAX(cycles, (uint64_t)1);
}

static void set_anchor(struct uk_linux_clock *k, uint64_t cycles, uint64_t ns, uint64_t baseline)
{
	k->anchor_cycles = cycles;
	k->anchor_ns = ns;
	k->baseline = baseline;
}

/* Measure the rate, if there is enough to measure by. Begins anew if it cannot be right: the counter or the reference
 * has jumped. */
static void measure(struct uk_linux_clock *k, uint64_t cycles, uint64_t ns)
{
	const uint64_t distance = cycles - k->anchor_cycles;
	uint64_t rate;

	if (k->baseline == 0)
		set_anchor(k, cycles, ns, BASELINE_FIRST);
	if (k->anchor_cycles == cycles || distance < k->baseline)
		return;
	rate = ns > k->anchor_ns && distance < INT64_MAX ? rate_of(ns - k->anchor_ns, distance) : 0;
	const uint64_t change = rate > k->rate ? rate - k->rate : k->rate - rate;

	if (rate == 0 || (k->rate && change > k->rate / RATE_CHANGE)) {
		set_anchor(k, cycles, ns, BASELINE_FIRST);
		k->rate = 0;
		k->failures++;
		return;
	}
	k->rate = rate;
	if (distance > ANCHOR_OLD)
		set_anchor(k, cycles, ns, BASELINE);
}

/* Nobody uses the line that is overwritten: it was over before the present one was drawn. */
static void draw(struct uk_linux_clock *k, const struct uk_linux_clock_line *line)
{
	k->lines[(k->count + 1) & 1] = *line;
	__atomic_store_n(&k->count, k->count + 1, __ATOMIC_RELEASE);
}

bool uk_linux_clock_is_ready(const struct uk_linux_clock *k, uint64_t cycles)
{
	return k->baseline && cycles - k->anchor_cycles >= k->baseline;
}

static uint64_t end_of(const struct uk_linux_clock_line *l)
{
	return l->ns + (l->span * l->rate >> 32);
}

void uk_linux_clock_refuse(struct uk_linux_clock *k, uint64_t ns)
{
	const uint64_t floor = UK_MAX(k->floor, end_of(&k->lines[k->count & 1]));

	if (floor > ns + k->offset)
		k->offset = floor - ns;
	k->rate = 0;
	k->refused = true;
}

uint64_t uk_linux_clock_step(struct uk_linux_clock *k, uint64_t cycles, uint64_t ns, bool exact)
{
	const struct uk_linux_clock_line *last = &k->lines[k->count & 1];
	struct uk_linux_clock_line next = {.begin = cycles};
	uint64_t ahead;

	if (uk_linux_clock_holds(last, cycles))
		return uk_linux_clock_at(last, cycles);
	if (last->span && last->begin - cycles < LITTLE_BACK)
		return last->ns;
	k->floor = UK_MAX(k->floor, end_of(last));
	if (exact && !k->refused)
		measure(k, cycles, ns);
	ahead = k->floor > ns + k->offset ? k->floor - ns - k->offset : 0;
	if (ahead > UK_LINUX_CLOCK_JUMP) {
		k->offset += ahead;
		ahead = 0;
	}
	next.ns = UK_MAX(ns + k->offset, k->floor);
	k->floor = next.ns;
	if (k->rate) {
		next.span = UK_LINUX_CLOCK_SPAN;
		next.rate = k->rate - UK_MIN((ahead << 32) / UK_LINUX_CLOCK_SPAN, k->rate / SLEW_MOST);
	}
	if (k->rate || last->span)
		draw(k, &next);
	return next.ns;
}
