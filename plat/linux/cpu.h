/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* A CPU is a thread of the host. What the platform knows of each one, and its interrupt mask.
 *
 * The mask is a word that the handler of signals respects. In images for several CPUs it lies behind %gs, which stays
 * with the thread of the host: every access is a single instruction, so that code with interrupts enabled may be moved
 * to another CPU between any two of them. `pending` is 0 or the function that does what arrived while the mask was set.
 * It is greater than the mask exactly if the mask is clear and there is something to do. */
#pragma once

/* Offsets for the assembly. */
#define UK_LINUX_CPU_MASK 8
#define UK_LINUX_CPU_PENDING 16

#ifndef __ASSEMBLER__

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/base.h>
#include <uk/lock.h>

#include "linux.h"

#define UK_LINUX_MASKED (~0ul)

struct uk_linux_cpu {
	struct uk_linux_cpu *self;
	unsigned long mask;
	unsigned long pending;
	unsigned number;
	int tid;                          /* of the host's thread; 0 until it is needed */
	uint32_t events;                  /* what has happened and was not handled: below */
	bool idle;                        /* sleeps on `events`, or is about to */
	bool slack;                       /* the slack of its timers has been set */
	int timer;                        /* of the host, plus one; 0 until it is needed */
	uint64_t wanted, armed;           /* when to call uk_cpu_timer(); when the host's timer fires: 0 for never */
	uint32_t advance;                 /* ns that the host takes to wake it up, on average */
	uint64_t look;                    /* when to look at the descriptors, though busy */
	uint64_t signals, empty;          /* so far; those that brought nothing */
	struct uk_linux_timespec timeout; /* of the sleep: a signal before its begin makes it 0 */
} UK_ALIGNED(64);

enum {
	UK_LINUX_EVENT_KICK = 1,
	UK_LINUX_EVENT_TIMER = 2,
	UK_LINUX_EVENT_ATTENTION = 4,
	UK_LINUX_EVENT_LOOK = 8, /* at the descriptors; CPU 0 */
};

_Static_assert(offsetof(struct uk_linux_cpu, mask) == UK_LINUX_CPU_MASK, "resume.S counts on it");
_Static_assert(offsetof(struct uk_linux_cpu, pending) == UK_LINUX_CPU_PENDING, "resume.S counts on it");

extern struct uk_linux_cpu uk_linux_cpus[UK_CPUS];

/* Have %gs lead to *c in this thread of the host. Context: start of a CPU; again, with the same, any. */
void uk_linux_gs_set(struct uk_linux_cpu *c);

/* This CPU. Context: interrupts masked, or a handler of a signal. */
static inline struct uk_linux_cpu *uk_linux_this_cpu(void)
{
	struct uk_linux_cpu *c = uk_linux_cpus;

	if (UK_SMP)
		__asm__ volatile("movq %%gs:0, %0" : "=r"(c));
	return c;
}

/* The words of this CPU. Context: any. */
static inline unsigned long uk_linux_mask(void)
{
	unsigned long v;

	if (UK_SMP)
		__asm__ volatile("movq %%gs:%c1, %0" : "=r"(v) : "i"(UK_LINUX_CPU_MASK) : "memory");
	else
		v = *(volatile unsigned long *)&uk_linux_cpus[0].mask;
	return v;
}

static inline void uk_linux_mask_set(unsigned long v)
{
	__asm__ volatile("" : : : "memory");
	if (UK_SMP)
		__asm__ volatile("movq %0, %%gs:%c1" : : "r"(v), "i"(UK_LINUX_CPU_MASK) : "memory");
	else
		*(volatile unsigned long *)&uk_linux_cpus[0].mask = v;
	__asm__ volatile("" : : : "memory");
}

static inline unsigned long uk_linux_pending(void)
{
	unsigned long v;

	if (UK_SMP)
		__asm__ volatile("movq %%gs:%c1, %0" : "=r"(v) : "i"(UK_LINUX_CPU_PENDING) : "memory");
	else
		v = *(volatile unsigned long *)&uk_linux_cpus[0].pending;
	return v;
}

#endif
