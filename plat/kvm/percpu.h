/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What each CPU has of its own. Where several are configured, %gs points to it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/base.h>
#include <uk/lock.h>
#include <uk/plat/irq.h>

/* Watching for a line that never goes quiet: the code that a line interrupted last, and how often in a row. */
struct uk_kvm_storm {
	unsigned line, length;
	uint64_t rip, rsp;
	uint64_t left; /* the cycle counter after its handler */
};

struct uk_kvm_cpu {
	unsigned number;   /* first, for uk_kvm_this() */
	uint32_t apic_id;  /* of its local APIC */
	bool idle;         /* in uk_plat_idle(): not to be preempted there */
	bool running;      /* it has been started */
	bool flush;        /* another CPU wants it to forget what it knows of the page tables */
	uint64_t deadline; /* what uk_plat_timer() was set to; UINT64_MAX: nothing */
	struct uk_plat_irq_counts counts;
	struct uk_kvm_storm storm;
} UK_ALIGNED(64);

extern struct uk_kvm_cpu uk_kvm_cpus[UK_CPUS];

/* Of the CPU that this runs on. Context: interrupts masked, or on the boot path. */
static inline struct uk_kvm_cpu *uk_kvm_this(void)
{
	unsigned number = 0;

	if (UK_SMP)
		__asm__("movl %%gs:0, %0" : "=r"(number));
	return &uk_kvm_cpus[number];
}
