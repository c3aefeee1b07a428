/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

	.section .text.uk_linux_entry, "ax", @progbits
	.globl uk_linux_entry
	.type uk_linux_entry, @function
uk_linux_entry:
	xorl %ebp, %ebp
	movq %rsp, %rdi
	andq $-16, %rsp
	call uk_linux_start
	.size uk_linux_entry, . - uk_linux_entry

	/* Where the kernel has signal handlers return to: rt_sigreturn. */
	.section .text.uk_linux_sigreturn, "ax", @progbits
	.globl uk_linux_sigreturn
	.type uk_linux_sigreturn, @function
uk_linux_sigreturn:
	movl $15, %eax
	syscall
	.size uk_linux_sigreturn, . - uk_linux_sigreturn

	.section .note.GNU-stack, "", @progbits
