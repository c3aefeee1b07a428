/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The end of the way back to interrupted code after others have run: all registers are what they were, but for the
 * stack pointer, at which are the frame pointer, the interrupted address, and 128 bytes that may be in use (see
 * interrupt.c). The mask is set. To clear it and to look for what has arrived meanwhile must not let a signal in
 * between start the whole again from here, deeper and deeper on the stack: its handler knows these places, marks the
 * interrupt as pending and has the check done once more. Images for one CPU have %gs set as well once they use
 * interrupts. */

#include "cpu.h"

	.section .text.uk_linux_resume, "ax", @progbits
	.globl uk_linux_resume, uk_linux_resume_check, uk_linux_resume_again
	.globl uk_linux_resume_leave, uk_linux_resume_return
	.hidden uk_linux_service, uk_arch_diverted
	.type uk_linux_resume, @function
uk_linux_resume:
	pushfq
	movq $0, %gs:UK_LINUX_CPU_MASK
uk_linux_resume_check:
	cmpq $0, %gs:UK_LINUX_CPU_PENDING
	jne uk_linux_resume_again
	popfq
uk_linux_resume_leave:
	popq %rbp
uk_linux_resume_return:
	ret $128
uk_linux_resume_again:
	movq $-1, %gs:UK_LINUX_CPU_MASK
	popfq
	/* As uk_arch_regs_divert() does it, and back to the beginning of this. */
	leaq -144(%rsp), %rsp
	pushq %rax
	leaq uk_linux_resume(%rip), %rax
	movq %rax, 16(%rsp)
	leaq uk_linux_service(%rip), %rax
	movq %rax, 8(%rsp)
	popq %rax
	jmp uk_arch_diverted
	.size uk_linux_resume, . - uk_linux_resume

	.section .note.GNU-stack, "", @progbits
