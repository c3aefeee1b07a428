/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* One-shot timers. Each CPU has a queue of those that were set on it; its clock interrupts for the first of them only,
 * so a system without timers is never woken. Times are those of uk_plat_time_ns(). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/pqueue.h>

struct uk_timer {
	struct uk_pqueue_node node;
	void (*function)(struct uk_timer *t);
	unsigned cpu; /* whose queue it is in, or was last */
};

/* Make a timer; function(t) will be called in interrupt context, interrupts masked, general registers only; it may
 * set or free its own timer. The caller owns *t until it is neither set nor running. Context: any. */
void uk_timer_init(struct uk_timer *t, void (*function)(struct uk_timer *t));

/* Have it fire once at the deadline (soon, if that is over); replaces an earlier setting. Context: level SCHED and
 * later; any, but one caller at a time for each timer. */
void uk_timer_set(struct uk_timer *t, uint64_t deadline);

/* Unset it. Whether it was set; when this returns, the function neither runs on another CPU nor will run.
 * Context: as uk_timer_set(). */
bool uk_timer_cancel(struct uk_timer *t);
