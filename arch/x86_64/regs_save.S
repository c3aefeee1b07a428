/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The offsets are those of struct uk_arch_regs; regs.c asserts the outermost ones. */

	.section .text.uk_arch_regs_save, "ax", @progbits
	.globl uk_arch_regs_save
	.type uk_arch_regs_save, @function
uk_arch_regs_save:
	movq %r15, 0(%rdi)
	movq %r14, 8(%rdi)
	movq %r13, 16(%rdi)
	movq %r12, 24(%rdi)
	movq %rbp, 32(%rdi)
	movq %rbx, 40(%rdi)
	movq %r11, 48(%rdi)
	movq %r10, 56(%rdi)
	movq %r9, 64(%rdi)
	movq %r8, 72(%rdi)
	movq %rax, 80(%rdi)
	movq %rcx, 88(%rdi)
	movq %rdx, 96(%rdi)
	movq %rsi, 104(%rdi)
	movq %rdi, 112(%rdi)
	movq $0, 120(%rdi)
	movq $0, 128(%rdi)
	movq (%rsp), %rax
	movq %rax, 136(%rdi)
	movq $0, 144(%rdi)
	pushfq
	popq 152(%rdi)
	leaq 8(%rsp), %rax
	movq %rax, 160(%rdi)
	movq $0, 168(%rdi)
	ret
	.size uk_arch_regs_save, . - uk_arch_regs_save

	.section .note.GNU-stack, "", @progbits
