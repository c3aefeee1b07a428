/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* clone(2), but the new thread, which has nothing on its stack, calls uk_linux_cpu_main() with the sixth argument. */
	.section .text.uk_linux_clone, "ax", @progbits
	.globl uk_linux_clone
	.hidden uk_linux_cpu_main
	.type uk_linux_clone, @function
uk_linux_clone:
	movl $56, %eax
	movq %rcx, %r10
	syscall
	testq %rax, %rax
	jz 1f
	ret
1:	xorl %ebp, %ebp
	movq %r9, %rdi
	call uk_linux_cpu_main
	ud2
	.size uk_linux_clone, . - uk_linux_clone

	.section .note.GNU-stack, "", @progbits
