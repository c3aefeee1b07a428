/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Thread-local storage: the layout of a thread's block (System V ABI for x86_64, variant II of "ELF Handling For
 * Thread-Local Storage", U. Drepper, 3.4.6): the image's .tdata and .tbss end at the thread pointer, which is aligned
 * as they are; above it comes the thread control block. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* At the thread pointer. The compiler knows the first word and the canary's place by heart. */
struct uk_arch_tcb {
	void *self;         /* %fs:0x00: the thread pointer itself */
	uintptr_t free[4];  /* for the scheduler and libraries to come */
	uintptr_t canary;   /* %fs:0x28: of the stack protector */
	uintptr_t spare[2]; /* fills a cache line */
};

/* Bytes that a thread's block takes at most, wherever it begins. Context: any. */
size_t uk_arch_tls_size(void);

/* Lay out a block for a new thread in memory, which has uk_arch_tls_size() bytes at any alignment of at least 8 and is
 * owned by the caller for as long as the thread lives. Variables get the values that the image gives them, the canary
 * is the caller's own. Returns the thread pointer for uk_plat_tls_set(). Context: any. */
void *uk_arch_tls_init(void *memory);

/* The same for the boot thread, before there is any thread pointer: the canary is given. Context: platform entry. */
void *uk_arch_tls_boot(void *memory, uintptr_t canary);

/* The thread pointer in use. Context: any. */
static inline void *uk_arch_tls_self(void)
{
	void *tp;

/* Where the build machine's C library has the register for itself, the platform says so when it compiles all others. */
#ifdef UK_ARCH_TLS_HOSTED
	extern void *uk_arch_tls_hosted; /* what uk_plat_tls_set() was given last */

	tp = uk_arch_tls_hosted;
#else
	__asm__ volatile("movq %%fs:0, %0" : "=r"(tp));
#endif
	return tp;
}

/* What the linker script of each platform supplies: .tdata's bounds as loaded, the end of .tbss behind it, and the
 * larger alignment of the two as the address of a symbol. */
extern const char uk_image_tls[], uk_image_tls_data_end[], uk_image_tls_end[], uk_image_tls_align[];
