/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The PVH entry point (Xen docs/misc/pvh: 32-bit protected mode, paging off, flat segments, %ebx points at the start
 * information) and the way to long mode. The first GiB is mapped one to one, all of it writable and executable, until
 * uk_kvm_start() has built the real page tables. */

#define CR4_BITS 0x620      /* PAE, OSFXSR, OSXMMEXCPT */
#define CR0_BITS 0x80010033 /* PG, WP, NE, ET, MP, PE */
#define MSR_EFER 0xc0000080
#define EFER_LME 0x100
#define PTE_TABLE 0x3   /* present, writable */
#define PTE_COARSE 0x83 /* the same for a page of 2 MiB */

	.section .note.pvh, "a", @note
	.balign 4
	.long 4, 4, 18 /* sizes of name and value; XEN_ELFNOTE_PHYS32_ENTRY */
	.asciz "Xen"
	.long uk_kvm_entry

	.section .text.uk_kvm_entry, "ax", @progbits
	.code32
	.globl uk_kvm_entry
	.type uk_kvm_entry, @function
uk_kvm_entry:
	cld
	movl $uk_kvm_bss, %edi
	movl $uk_kvm_bss_end, %ecx
	subl %edi, %ecx
	shrl $2, %ecx
	xorl %eax, %eax
	rep stosl

	movl $uk_kvm_early_tables, %edi
	leal 0x1000 + PTE_TABLE(%edi), %eax
	movl %eax, (%edi)
	addl $0x1000, %eax
	movl %eax, 0x1000(%edi)
	leal 0x2000(%edi), %edx
	movl $PTE_COARSE, %eax
1:	movl %eax, (%edx)
	addl $8, %edx
	addl $0x200000, %eax
	cmpl $0x40000000 + PTE_COARSE, %eax
	jne 1b

	movl %edi, %cr3
	movl $CR4_BITS, %eax
	movl %eax, %cr4
	movl $MSR_EFER, %ecx
	rdmsr
	orl $EFER_LME, %eax
	wrmsr
	movl $CR0_BITS, %eax
	movl %eax, %cr0
	lgdt gdt_pointer
	ljmp $8, $long_mode

	.code64
long_mode:
	movl $16, %eax
	movl %eax, %ds
	movl %eax, %es
	movl %eax, %ss
	/* Reset leaves the x87 exceptions unmasked (Intel SDM vol. 3, table 10-1); MXCSR is right as it is. */
	fninit
	movl $uk_kvm_stack_end, %esp
	movl %ebx, %edi
	xorl %ebp, %ebp
	call uk_kvm_start
	.size uk_kvm_entry, . - uk_kvm_entry

	.section .data.uk_kvm_gdt, "aw", @progbits
	.balign 8
	.globl uk_kvm_gdt
	.type uk_kvm_gdt, @object
uk_kvm_gdt:
	.quad 0
	.quad 0x00af9b000000ffff /* 8: code, 64 bits */
	.quad 0x00cf93000000ffff /* 16: data */
	.quad 0, 0               /* 24: task state, filled in by trap.c */
	.size uk_kvm_gdt, . - uk_kvm_gdt
gdt_pointer:
	.word gdt_pointer - uk_kvm_gdt - 1
	.long uk_kvm_gdt, 0

	.section .bss.uk_kvm_early_tables, "aw", @nobits
	.balign 4096
	.globl uk_kvm_early_tables
	.type uk_kvm_early_tables, @object
uk_kvm_early_tables:
	.skip 3 * 4096
	.size uk_kvm_early_tables, . - uk_kvm_early_tables

	.section .note.GNU-stack, "", @progbits
