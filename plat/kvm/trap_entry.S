/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Entries of the 32 exceptions, 8 bytes apart: each makes a struct uk_arch_regs on the trap stack, with its own address
 * where the vector belongs, from which uk_kvm_trap() computes it. */

#define VECTORS 32
/* Exceptions with an error code (Intel SDM vol. 3, table 6-1): 8, 10 to 14, 17, 21, 29, 30. */
#define WITH_ERROR 0x60227d00

	.section .text.uk_kvm_trap_entries, "ax", @progbits
	.balign 8
	.globl uk_kvm_trap_entries
	.type uk_kvm_trap_entries, @function
uk_kvm_trap_entries:
	.set vector, 0
	.rept VECTORS
	.balign 8
	.if ((WITH_ERROR >> vector) & 1) == 0
	pushq $0
	.endif
	call common
	.set vector, vector + 1
	.endr
	.size uk_kvm_trap_entries, . - uk_kvm_trap_entries

common:
	pushq %rdi
	pushq %rsi
	pushq %rdx
	pushq %rcx
	pushq %rax
	pushq %r8
	pushq %r9
	pushq %r10
	pushq %r11
	pushq %rbx
	pushq %rbp
	pushq %r12
	pushq %r13
	pushq %r14
	pushq %r15
	cld
	movq %rsp, %rdi
	call uk_kvm_trap
	popq %r15
	popq %r14
	popq %r13
	popq %r12
	popq %rbp
	popq %rbx
	popq %r11
	popq %r10
	popq %r9
	popq %r8
	popq %rax
	popq %rcx
	popq %rdx
	popq %rsi
	popq %rdi
	addq $16, %rsp
	iretq

	.section .note.GNU-stack, "", @progbits
