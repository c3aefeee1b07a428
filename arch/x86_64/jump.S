/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

	.section .text.uk_arch_setjmp, "ax", @progbits
	.globl uk_arch_setjmp
	.type uk_arch_setjmp, @function
uk_arch_setjmp:
	movq %rbx, (%rdi)
	movq %rbp, 8(%rdi)
	movq %r12, 16(%rdi)
	movq %r13, 24(%rdi)
	movq %r14, 32(%rdi)
	movq %r15, 40(%rdi)
	leaq 8(%rsp), %rdx
	movq %rdx, 48(%rdi)
	movq (%rsp), %rdx
	movq %rdx, 56(%rdi)
	xorl %eax, %eax
	ret
	.size uk_arch_setjmp, . - uk_arch_setjmp

	.section .text.uk_arch_longjmp, "ax", @progbits
	.globl uk_arch_longjmp
	.type uk_arch_longjmp, @function
uk_arch_longjmp:
	movl %esi, %eax
	testl %eax, %eax
	jnz 1f
	incl %eax
1:	movq (%rdi), %rbx
	movq 8(%rdi), %rbp
	movq 16(%rdi), %r12
	movq 24(%rdi), %r13
	movq 32(%rdi), %r14
	movq 40(%rdi), %r15
	movq 48(%rdi), %rsp
	jmp *56(%rdi)
	.size uk_arch_longjmp, . - uk_arch_longjmp

	.section .note.GNU-stack, "", @progbits
