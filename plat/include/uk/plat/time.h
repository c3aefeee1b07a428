/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Platform contract: clocks and idling. */
#pragma once

#include <stdint.h>

/* Nanoseconds since some moment before the system started; never goes back. Context: any. */
uint64_t uk_plat_time_ns(void);

/* Nanoseconds since 1970-01-01 00:00 UTC; 0 if the platform has no idea. Context: any. */
uint64_t uk_plat_wall_ns(void);

/* Have this CPU's timer interrupt once when uk_plat_time_ns() reaches deadline: it calls uk_cpu_timer(). At once if
 * that is over; never for UINT64_MAX. Replaces what was set before. Context: any, interrupts masked. */
void uk_plat_timer(uint64_t deadline);

/* Halt this CPU until an interrupt has been handled (console input and timers are interrupts) or until
 * uk_plat_time_ns() reaches deadline; UINT64_MAX for no deadline. May return early for no reason. Called with
 * interrupts masked and a condition checked: an interrupt that arrived since the masking ends it at once. Returns
 * with interrupts masked; what uk_plat_timer() had set may be forgotten. Context: not in an interrupt handler. */
void uk_plat_idle(uint64_t deadline);
