/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What uk_arch_switch() leaves on a stack, from the saved stack pointer upwards: MXCSR and the x87 control word in
 * eight bytes, r15, r14, r13, r12, rbx, rbp, return address. switch_frame.c and debuggers rely on it. */

	.section .text.uk_arch_switch, "ax", @progbits
	.globl uk_arch_switch
	.type uk_arch_switch, @function
uk_arch_switch:
	pushq %rbp
	pushq %rbx
	pushq %r12
	pushq %r13
	pushq %r14
	pushq %r15
	subq $8, %rsp
	stmxcsr (%rsp)
	fnstcw 4(%rsp)
	movl (%rsp), %eax
	movzwl 4(%rsp), %ecx
	movq %rsp, (%rdi)
	movq %rsi, %rsp
	/* Loading control words is slow, and they are nearly always the same. */
	cmpl (%rsp), %eax
	jne 2f
	cmpw 4(%rsp), %cx
	jne 2f
1:	addq $8, %rsp
	popq %r15
	popq %r14
	popq %r13
	popq %r12
	popq %rbx
	popq %rbp
	ret
2:	ldmxcsr (%rsp)
	fldcw 4(%rsp)
	jmp 1b
	.size uk_arch_switch, . - uk_arch_switch

	/* Where uk_arch_regs_divert() sends interrupted code. On the stack: the function, the interrupted address, 128
	 * bytes that the interrupted code may be using. The saved frame pointer takes the function's place, so that
	 * the chain of frames leads through; the .cfi lines lead a debugger that goes without one. */
	.cfi_sections .debug_frame
	.section .text.uk_arch_diverted, "ax", @progbits
	.globl uk_arch_diverted
	.type uk_arch_diverted, @function
uk_arch_diverted:
	.cfi_startproc
	.cfi_signal_frame
	.cfi_def_cfa %rsp, 144
	.cfi_offset %rip, -136
	pushfq
	.cfi_adjust_cfa_offset 8
	pushq %rax
	.cfi_adjust_cfa_offset 8
	.cfi_offset %rax, -160
	movq 16(%rsp), %rax
	movq %rbp, 16(%rsp)
	.cfi_offset %rbp, -144
	leaq 16(%rsp), %rbp
	.cfi_def_cfa %rbp, 144
	pushq %rcx
	.cfi_offset %rcx, -168
	pushq %rdx
	.cfi_offset %rdx, -176
	pushq %rsi
	.cfi_offset %rsi, -184
	pushq %rdi
	.cfi_offset %rdi, -192
	pushq %r8
	.cfi_offset %r8, -200
	pushq %r9
	.cfi_offset %r9, -208
	pushq %r10
	.cfi_offset %r10, -216
	pushq %r11
	.cfi_offset %r11, -224
	cld
	andq $-16, %rsp
	movq %rax, %rdi
	call uk_arch_vector_call
	leaq -80(%rbp), %rsp
	popq %r11
	popq %r10
	popq %r9
	popq %r8
	popq %rdi
	popq %rsi
	popq %rdx
	popq %rcx
	popq %rax
	popfq
	popq %rbp
	.cfi_restore %rbp
	.cfi_def_cfa %rsp, 136
	ret $128
	.cfi_endproc
	.size uk_arch_diverted, . - uk_arch_diverted

	.section .note.GNU-stack, "", @progbits
