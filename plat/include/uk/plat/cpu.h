/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Platform contract: the CPU, its interrupts, its thread pointer, its entropy. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Mask interrupts on this CPU and return the former state; give it back with restore. They nest. Context: any. */
unsigned long uk_plat_irq_save(void);
void uk_plat_irq_restore(unsigned long state);

/* Call handler(arg) in interrupt context, interrupts masked, whenever line irq fires; lines are the platform's
 * numbers, as drivers get them from their bus. -EBUSY if the line is taken, -EINVAL if there is no such line.
 * A NULL handler gives the line back. The handler and what it calls use general registers only (REGS = general).
 * Context: not in an interrupt handler. */
int uk_plat_irq_attach(unsigned irq, void (*handler)(void *arg), void *arg);

/* The number of this CPU, from 0, and of all CPUs. Context: any. */
unsigned uk_plat_cpu(void);
unsigned uk_plat_cpus(void);

/* Set the thread pointer (the address at which %fs:0 of the x86_64 TLS ABI holds itself). Does nothing when it is
 * already that. Context: any, interrupts masked or on the boot path. */
void uk_plat_tls_set(void *tp);

/* Fill buf with len bytes fit to seed a random generator. 0; -EAGAIN where the platform has no
 * such source: buf then holds a mix of clock readings, which is not fit for keys. Context: any. */
int uk_plat_seed(void *buf, size_t len);

/* The bounds of the boot stack, for backtraces and guard checks. Context: any. */
void uk_plat_boot_stack(uintptr_t *low, uintptr_t *high);
