/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The end of the way back to interrupted code after others have run: all registers are what they were, but for the
 * stack pointer, at which are the frame pointer, the interrupted address, and 128 bytes that may be in use (see
 * interrupt.c). The mask is set. To clear it and to look for what has arrived meanwhile must not let a signal in
 * between start the whole again from here, deeper and deeper on the stack: its handler knows these places, marks the
 * interrupt as pending and has the check done once more. Images for one CPU have %gs set as well once they use
 * interrupts. The .cfi lines lead a debugger through. */

#include "cpu.h"

	.section .text.uk_linux_resume, "ax", @progbits
	.globl uk_linux_resume, uk_linux_resume_check, uk_linux_resume_again
	.globl uk_linux_resume_leave, uk_linux_resume_return
	.hidden uk_linux_service, uk_arch_diverted
	.type uk_linux_resume, @function
	.cfi_sections .debug_frame
uk_linux_resume:
	.cfi_startproc
	.cfi_signal_frame
	.cfi_def_cfa %rsp, 144
	.cfi_offset %rbp, -144
	.cfi_offset %rip, -136
	pushfq
	.cfi_adjust_cfa_offset 8
	movq $0, %gs:UK_LINUX_CPU_MASK
uk_linux_resume_check:
	cmpq $0, %gs:UK_LINUX_CPU_PENDING
	jne uk_linux_resume_again
	.cfi_remember_state
	popfq
	.cfi_adjust_cfa_offset -8
uk_linux_resume_leave:
	popq %rbp
	.cfi_adjust_cfa_offset -8
	.cfi_restore %rbp
uk_linux_resume_return:
	ret $128
	.cfi_restore_state
uk_linux_resume_again:
	movq $-1, %gs:UK_LINUX_CPU_MASK
	popfq
	.cfi_adjust_cfa_offset -8
	/* As uk_arch_regs_divert() does it, and back to the beginning of this. */
	leaq -144(%rsp), %rsp
	.cfi_adjust_cfa_offset 144
	pushq %rax
	.cfi_adjust_cfa_offset 8
	leaq uk_linux_resume(%rip), %rax
	movq %rax, 16(%rsp)
	leaq uk_linux_service(%rip), %rax
	movq %rax, 8(%rsp)
	popq %rax
	.cfi_adjust_cfa_offset -8
	jmp uk_arch_diverted
	.cfi_endproc
	.size uk_linux_resume, . - uk_linux_resume

	.section .note.GNU-stack, "", @progbits
