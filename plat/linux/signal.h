/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Signals as the kernel has them (Linux arch/x86/include/uapi/asm/signal.h, sigcontext.h, ucontext.h). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/arch/regs.h>

struct uk_linux_stack {
	void *base;
	int flags;
	size_t size;
};

struct uk_linux_context {
	unsigned long flags;
	struct uk_linux_context *link;
	struct uk_linux_stack stack;
	uint64_t r8, r9, r10, r11, r12, r13, r14, r15, rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip, rflags;
	uint64_t selectors, error, trap, old_mask, cr2;
};

struct uk_linux_siginfo {
	int signal, error, code;
};
#define UK_LINUX_SI_TIMER (-2)

/* SA_SIGINFO, SA_RESTORER, SA_ONSTACK; interrupts restart system calls; faults may come within a fault, since a test
 * may leave the handler by a jump. */
#define UK_LINUX_SA_FLAGS (0x4ul | 0x04000000ul | 0x08000000ul)
#define UK_LINUX_SA_RESTART 0x10000000ul
#define UK_LINUX_SA_NODEFER 0x40000000ul

/* The signals that are interrupts, none of which is handled within another or within a fault: SIGQUIT, SIGALRM. */
#define UK_LINUX_INTERRUPTS (1ul << (3 - 1) | 1ul << (14 - 1))

/* Set a signal's handler. Context: any. */
void uk_linux_signal_set(int signal, unsigned long handler, unsigned long flags);

/* Copy the registers out of a signal frame, or back into it. Context: handlers. */
void uk_linux_regs_copy(struct uk_arch_regs *r, struct uk_linux_context *c, bool back);
