/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The general registers at one moment: of a trap, an interrupted context, or a caller. */
#pragma once

#include <stdint.h>

/* The order is that of a trap frame on the stack: what the entry code pushes, then vector and error code, then what
 * the CPU pushes (Intel SDM vol. 3, 6.14.2). Entry code in assembly relies on it. */
struct uk_arch_regs {
	uint64_t r15, r14, r13, r12, rbp, rbx;
	uint64_t r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi;
	uint64_t vector, error;
	uint64_t rip, cs, rflags, rsp, ss;
};

/* Where the registers say that the code was. Context: any. */
static inline uintptr_t uk_arch_regs_pc(const struct uk_arch_regs *r)
{
	return r->rip;
}

/* Where its stack was. Context: any. */
static inline uintptr_t uk_arch_regs_sp(const struct uk_arch_regs *r)
{
	return r->rsp;
}

/* Where its frame was, if it was compiled with frame pointers. Context: any. */
static inline uintptr_t uk_arch_regs_fp(const struct uk_arch_regs *r)
{
	return r->rbp;
}

/* Have what was interrupted go on at pc with the stack pointer sp; all else stays. Context: any. */
static inline void uk_arch_regs_goto(struct uk_arch_regs *r, uintptr_t pc, uintptr_t sp)
{
	r->rip = pc;
	r->rsp = sp;
}

/* Fill *r with the registers as they are in the caller just after the call; the registers that a call may destroy
 * hold what they happened to hold. vector, error, cs and ss become 0. Context: any. */
void uk_arch_regs_save(struct uk_arch_regs *r);

/* Print the registers with names, a few to a line, through print, which takes a printf-like format with %s and
 * %016lx. Every line ends with \n. Context: any, the panic path included. */
void uk_arch_regs_print(const struct uk_arch_regs *r, void (*print)(const char *fmt, ...));
