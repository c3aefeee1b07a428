/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What an image's linker script defines for the layout of thread-local storage. Here that belongs to the build
 * machine's C library and all threads of the system share one; what uk_arch_tls_init() lays out is a control block and
 * nothing more. The alignment is the value of a symbol, so the program has fixed addresses (-no-pie). */
__asm__(".section .rodata\n"
	".globl uk_image_tls, uk_image_tls_data_end, uk_image_tls_end, uk_image_tls_align\n"
	"uk_image_tls:\n"
	"uk_image_tls_data_end:\n"
	"uk_image_tls_end:\n"
	".byte 0\n"
	".set uk_image_tls_align, 16\n"
	".previous\n");
