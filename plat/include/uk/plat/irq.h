/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Platform contract: interrupts by message, and what is known about interrupts. Lines are in <uk/plat/cpu.h>. */
#pragma once

#include <stdint.h>

/* Have handler(arg) called on the given CPU, in interrupt context, interrupts masked, whenever a device writes *data
 * to *address, which are filled in: for the MSI capability or an MSI-X table entry of a PCI device. Returns a number
 * for uk_plat_irq_msi_free(), at least 0; -ENOTSUP where the machine knows no messages, -EINVAL if the CPU does not
 * run, -EBUSY if all its vectors are taken. The handler is compiled with REGS = general. Context: not in an interrupt
 * handler. */
int uk_plat_irq_msi(void (*handler)(void *arg), void *arg, unsigned cpu, uint64_t *address, uint32_t *data);

/* Give it back; the device must have stopped sending. A message that still arrives counts as unhandled. Context: not
 * in an interrupt handler. */
void uk_plat_irq_msi_free(int id);

/* Interrupts since the start, of all CPUs. */
struct uk_plat_irq_counts {
	uint64_t handled;
	uint64_t unhandled; /* nobody has attached to them */
	uint64_t spurious;  /* signalled, and gone when the CPU asked which it was */
	uint64_t storms;    /* lines that were masked since they never went quiet */
};

/* Fill in *counts. A line that interrupts again at once, with a handler or without, UK_PLAT_IRQ_STORM times in a row
 * while the interrupted code does not get on by one instruction, is masked, and a line on the console says so; giving
 * it back and attaching to it again unmasks it. Context: any. */
#define UK_PLAT_IRQ_STORM 1000
void uk_plat_irq_counts(struct uk_plat_irq_counts *counts);
