/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Switching between stacks, and calls in the middle of interrupted code. */
#pragma once

#include <stdint.h>

struct uk_arch_regs;

/* Save what a call preserves (rbx, rbp, r12 to r15, the control words of both floating-point units: System V ABI,
 * 3.2.1) on the stack and the stack pointer in *save, and go on from the stack pointer load: one that an earlier call
 * has saved, or of a new frame. Context: interrupts masked. */
void uk_arch_switch(void **save, void *load);

/* A stack pointer for uk_arch_switch(): entry() will begin on the empty stack that ends at top, a multiple of 16. It
 * must not return. Context: any. */
void *uk_arch_switch_frame(void *top, void (*entry)(void));

/* Where a stack that uk_arch_switch() has left will go on: fills in pc, stack and frame pointer, the rest is 0.
 * Context: any, the stack not running meanwhile. */
void uk_arch_switch_regs(void *sp, struct uk_arch_regs *r);

/* Call function() with the vector and floating-point registers that are in use saved on the stack around it: XSAVE
 * where the system has switched it on, else FXSAVE (Intel SDM vol. 1, 13 and 10.5); takes up to 3 KiB of stack.
 * Context: any. */
void uk_arch_vector_call(void (*function)(void));

/* Change the interrupted context *r so that, once resumed, it calls function() first, on its own stack, as by
 * uk_arch_vector_call() and with all general registers and flags preserved, and then goes on as if nothing had been.
 * Memory below its stack pointer is written. Context: any; function() runs with interrupts as they were. */
void uk_arch_regs_divert(struct uk_arch_regs *r, void (*function)(void));
