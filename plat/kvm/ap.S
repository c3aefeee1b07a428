/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The way of the other CPUs from the start-up interrupt to C (Intel SDM vol. 3, 8.4.4). They begin in real mode in the
 * page below 1 MiB to which uk_kvm_trampoline is copied, go on in the image in protected mode without paging, and take
 * control registers and page tables from the CPU that starts them. Interrupts stay masked. */

#include "ap.h"

#define CR0_PE 1
#define MSR_EFER 0xc0000080
#define MSR_FS_BASE 0xc0000100
#define MSR_GS_BASE 0xc0000101
#define SELECTOR_CODE 8
#define SELECTOR_DATA 16
#define SELECTOR_CODE32 24

	.section .rodata.uk_kvm_trampoline, "a", @progbits
	.balign 16
	.globl uk_kvm_trampoline, uk_kvm_trampoline_end
	.code16
uk_kvm_trampoline:
	cli
	cld
	movw %cs, %ax
	movw %ax, %ds
	lgdtl 1f - uk_kvm_trampoline
	movl %cr0, %eax
	orl $CR0_PE, %eax
	movl %eax, %cr0
	ljmpl $SELECTOR_CODE32, $protected
	.balign 4
1:	.word gdt_end - gdt - 1
	.long gdt
uk_kvm_trampoline_end:

	.balign 8
gdt:	.quad 0
	.quad 0x00af9b000000ffff /* code, 64 bits */
	.quad 0x00cf93000000ffff /* data */
	.quad 0x00cf9b000000ffff /* code, 32 bits */
gdt_end:

	.section .text.uk_kvm_ap, "ax", @progbits
	.code32
protected:
	movl $SELECTOR_DATA, %eax
	movl %eax, %ds
	movl %eax, %es
	movl %eax, %ss
	movl uk_kvm_ap + UK_KVM_AP_CR4, %eax
	movl %eax, %cr4
	movl uk_kvm_ap + UK_KVM_AP_CR3, %eax
	movl %eax, %cr3
	movl $MSR_EFER, %ecx
	movl uk_kvm_ap + UK_KVM_AP_EFER, %eax
	xorl %edx, %edx
	wrmsr
	movl uk_kvm_ap + UK_KVM_AP_CR0, %eax
	movl %eax, %cr0
	ljmp $SELECTOR_CODE, $long_mode

	.code64
long_mode:
	movl $SELECTOR_DATA, %eax
	movl %eax, %ds
	movl %eax, %es
	movl %eax, %ss
	xorl %eax, %eax
	movl %eax, %fs
	movl %eax, %gs
	movl $MSR_FS_BASE, %ecx
	movl uk_kvm_ap + UK_KVM_AP_FS, %eax
	movl uk_kvm_ap + UK_KVM_AP_FS + 4, %edx
	wrmsr
	movl $MSR_GS_BASE, %ecx
	movl uk_kvm_ap + UK_KVM_AP_GS, %eax
	movl uk_kvm_ap + UK_KVM_AP_GS + 4, %edx
	wrmsr
	fninit
	movq uk_kvm_ap + UK_KVM_AP_STACK, %rsp
	xorl %ebp, %ebp
	pushq %rbp /* no caller */
	jmp uk_kvm_ap_start

	.section .note.GNU-stack, "", @progbits
