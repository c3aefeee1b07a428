/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Entries of the interrupts, 8 bytes apart, linked only where something waits for an interrupt. They run on the stack
 * of what they interrupt and save only what a call may destroy: handlers use general registers only. The .cfi lines
 * lead a debugger through (the CPU's five words: Intel SDM vol. 3, 6.14.2). */

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

	.macro save register
	pushq \register
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset \register, 0
	.endm

	.macro restore register
	popq \register
	.cfi_adjust_cfa_offset -8
	.cfi_restore \register
	.endm

	.section .text.uk_kvm_irq_common, "ax", @progbits
	.cfi_sections .debug_frame
common:
	.cfi_startproc
	.cfi_signal_frame
	.cfi_def_cfa %rsp, 48
	.cfi_offset %rip, -40
	.cfi_offset %rsp, -16
	save %rax
	save %rcx
	save %rdx
	save %rsi
	save %rdi
	save %r8
	save %r9
	save %r10
	save %r11
	cld
	movl 72(%rsp), %edi
	leaq 80(%rsp), %rsi
	subq $8, %rsp /* the CPU aligned the stack before its five words: with ours it is 16-byte aligned again */
	.cfi_adjust_cfa_offset 8
	call uk_kvm_irq
	addq $8, %rsp
	.cfi_adjust_cfa_offset -8
	restore %r11
	restore %r10
	restore %r9
	restore %r8
	restore %rdi
	restore %rsi
	restore %rdx
	restore %rcx
	restore %rax
	addq $8, %rsp
	.cfi_adjust_cfa_offset -8
	iretq
	.cfi_endproc

	.section .note.GNU-stack, "", @progbits
