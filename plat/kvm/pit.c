/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The 8254 interval timer (data sheet), channel 0, for CPUs without a local APIC. It counts to 55 ms at most. */

#include <uk/base.h>

#include "event.h"
#include "io.h"
#include "irq.h"

#define CHANNEL0 0x40
#define CONTROL 0x43
#define CONTROL_ONCE 0x30 /* channel 0, both bytes, mode 0: an interrupt when the count has gone */
#define CONTROL_LATCH 0x00
#define CONTROL_STATUS 0xe2 /* latch the status of channel 0: what it was set to, in the lower six bits */
#define STATUS_MODE 0x3f
#define LINE 0
#define COUNT_MAX 0xffffu
/* It counts at 1.193182 MHz: ticks = ns * 2^-32 * TICKS_PER_NS, and so on. */
#define TICKS_PER_NS 5124677ull
#define NS_PER_TICK 3599591090043ull

static bool found, kick;

static void start(unsigned count)
{
	uk_kvm_out8(CONTROL, CONTROL_ONCE);
	uk_kvm_out8(CHANNEL0, (uint8_t)count);
	uk_kvm_out8(CHANNEL0, (uint8_t)(count >> 8));
}

static void fired(void *arg UK_UNUSED)
{
	if (kick)
		uk_kvm_handlers[UK_KVM_IRQ_KICK].function(NULL);
	kick = false;
	uk_kvm_handlers[UK_KVM_IRQ_TIMER].function(NULL); /* sets the time again if it was cut short */
}

bool uk_kvm_pit_count(void)
{
	start(COUNT_MAX);
	uk_kvm_out8(CONTROL, CONTROL_STATUS);
	found = (uk_kvm_in8(CHANNEL0) & STATUS_MODE) == CONTROL_ONCE;
	return found;
}

uint64_t uk_kvm_pit_read(void)
{
	unsigned left;

	uk_kvm_out8(CONTROL, CONTROL_LATCH);
	left = uk_kvm_in8(CHANNEL0);
	left |= (unsigned)uk_kvm_in8(CHANNEL0) << 8;
	return (COUNT_MAX - left) * NS_PER_TICK >> 32;
}

bool uk_kvm_pit_set(uint64_t ns)
{
	if (!uk_kvm_handlers[LINE].function && uk_kvm_pit_count()) {
		uk_kvm_handlers[LINE].function = fired;
		uk_kvm_pic_set(LINE, true);
	}
	if (kick)
		ns = 0;
	if (found)
		start((unsigned)UK_MIN((ns * TICKS_PER_NS >> 32) + 1, COUNT_MAX));
	return found;
}

void uk_kvm_pit_kick(void)
{
	kick = true;
	uk_kvm_pit_set(0);
}

void uk_kvm_pit_stop(void)
{
	if (!kick)
		uk_kvm_out8(CONTROL, CONTROL_ONCE); /* it waits for a count */
}
