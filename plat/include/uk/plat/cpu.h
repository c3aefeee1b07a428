/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Platform contract: the CPU, its interrupts, its thread pointer, its entropy. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Mask interrupts on this CPU and return the former state; give it back with restore. They nest. Context: any. */
unsigned long uk_plat_irq_save(void);
void uk_plat_irq_restore(unsigned long state);

/* Unmask interrupts on this CPU, whatever was before: they are masked when the system starts, and a scheduler unmasks
 * them. Context: any. */
void uk_plat_irq_enable(void);

/* Call handler(arg) in interrupt context, interrupts masked, whenever line irq fires; lines are the platform's
 * numbers, as drivers get them from their bus. -EBUSY if the line is taken, -EINVAL if there is no such line.
 * A NULL handler gives the line back. The handler and what it calls use general registers only (REGS = general).
 * Context: not in an interrupt handler. */
int uk_plat_irq_attach(unsigned irq, void (*handler)(void *arg), void *arg);

/* The number of this CPU, from 0, and of all CPUs that there are and that the image is made for (UK_CPUS of
 * <uk/lock.h> at most). 0 and 1 in images for one CPU. The boot CPU is number 0. Context: any. */
unsigned uk_plat_cpu(void);
unsigned uk_plat_cpus(void);

/* Start a CPU that has not been started: it sets up what belongs to itself (tables, timer, the stack of its own
 * faults), takes the thread pointer tp and the stack that ends at stack_top, and calls entry(arg) with interrupts
 * masked; entry never returns. 0 once it runs; -EINVAL for a number without a CPU or one that runs; -EIO if it did not
 * answer. Context: boot thread, level MEM and later. */
int uk_plat_cpu_start(unsigned cpu, void (*entry)(void *arg), void *arg, void *stack_top, void *tp);

/* Interrupt another CPU, or this one as soon as its interrupts are unmasked: it calls uk_cpu_kicked() and, if it idles,
 * uk_plat_idle() returns there. What was written before is seen by it. Kicks may be merged. Context: any. */
void uk_plat_cpu_kick(unsigned cpu);

/* From now on call uk_cpu_attention() when the person at the console asks for it: with the key Ctrl-\ on a serial
 * line, with SIGQUIT in a process. Context: once, level IRQ and later. */
void uk_plat_attention(void);

/* What a platform calls where an image has it (all weak there; a scheduler provides them). Interrupts are masked and
 * only general registers may be used. timer: what uk_plat_timer() was set to is over; kicked, attention: see above;
 * these three run in interrupt context, maybe on a stack of its own.
 * preempt_wanted: asked after interrupt handlers have run, if what was interrupted had interrupts enabled. If it is
 * true, preempt is called on the stack of the interrupted thread, with all its registers saved, vector ones where in
 * use; it may run other threads first, and when it returns, with interrupts masked, the interrupted code goes on. */
void uk_cpu_timer(void);
void uk_cpu_kicked(void);
void uk_cpu_attention(void);
_Bool uk_cpu_preempt_wanted(void);
void uk_cpu_preempt(void);

/* The same for faults: called on the trap stack before a fault becomes a panic. Whether it has been dealt with: the
 * registers *r have been changed so that the interrupted code goes on elsewhere (uk_arch_regs_divert()). */
struct uk_arch_regs;
enum uk_cpu_fault {
	UK_CPU_FAULT_MEMORY,      /* address not mapped, or not to be accessed like this */
	UK_CPU_FAULT_BUS,         /* misaligned, or memory that is not there */
	UK_CPU_FAULT_INSTRUCTION, /* not an instruction, or not allowed */
	UK_CPU_FAULT_ARITHMETIC,  /* division, floating point */
	UK_CPU_FAULT_BREAKPOINT,
};
_Bool uk_cpu_fault(struct uk_arch_regs *r, enum uk_cpu_fault fault, uintptr_t address);

/* Set the thread pointer (the address at which %fs:0 of the x86_64 TLS ABI holds itself). Does nothing when it is
 * already that. Context: any, interrupts masked or on the boot path. */
void uk_plat_tls_set(void *tp);

/* Fill buf with len bytes fit to seed a random generator. 0; -EAGAIN where the platform has no
 * such source: buf then holds a mix of clock readings, which is not fit for keys. Context: any. */
int uk_plat_seed(void *buf, size_t len);

/* The bounds of the boot stack, for backtraces and guard checks. Context: any. */
void uk_plat_boot_stack(uintptr_t *low, uintptr_t *high);
