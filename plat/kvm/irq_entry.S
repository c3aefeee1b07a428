/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Entries of the interrupts, 8 bytes apart, linked only where something waits for an interrupt. They run on the stack
 * of what they interrupt and save only what a call may destroy: handlers use general registers only. */

#include "vectors.h"

	.macro entries name, first, count
	.section .text.\name, "ax", @progbits
	.balign 8
	.globl \name
	.type \name, @function
\name:
	.set line, \first
	.rept \count
	.balign 8
	pushq $line
	jmp common
	.set line, line + 1
	.endr
	.size \name, . - \name
	.endm

	entries uk_kvm_irq_entries, 0, UK_KVM_IRQ_MSI
	entries uk_kvm_msi_entries, UK_KVM_IRQ_MSI, UK_KVM_MSIS

	.section .text.uk_kvm_irq_common, "ax", @progbits
common:
	pushq %rax
	pushq %rcx
	pushq %rdx
	pushq %rsi
	pushq %rdi
	pushq %r8
	pushq %r9
	pushq %r10
	pushq %r11
	cld
	movl 72(%rsp), %edi
	leaq 80(%rsp), %rsi
	subq $8, %rsp /* the CPU aligned the stack before its five words: with ours it is 16-byte aligned again */
	call uk_kvm_irq
	addq $8, %rsp
	popq %r11
	popq %r10
	popq %r9
	popq %r8
	popq %rdi
	popq %rsi
	popq %rdx
	popq %rcx
	popq %rax
	addq $8, %rsp
	iretq

	.section .note.GNU-stack, "", @progbits
