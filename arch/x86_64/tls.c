/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <uk/arch/tls.h>

_Static_assert(offsetof(struct uk_arch_tcb, canary) == 0x28, "the compilers read the canary at %fs:0x28");

static size_t tls_align(void)
{
	size_t align = (size_t)uk_image_tls_align;

	return align > sizeof(struct uk_arch_tcb) ? align : sizeof(struct uk_arch_tcb);
}

size_t uk_arch_tls_size(void)
{
	return (size_t)(uk_image_tls_end - uk_image_tls) + 2 * tls_align() + sizeof(struct uk_arch_tcb);
}

void *uk_arch_tls_boot(void *memory, uintptr_t canary)
{
	const size_t align = tls_align();
	const size_t size = ((size_t)(uk_image_tls_end - uk_image_tls) + (size_t)uk_image_tls_align - 1) &
			    ~((size_t)uk_image_tls_align - 1);
	uintptr_t tp = ((uintptr_t)memory + size + align - 1) & ~(align - 1);
	struct uk_arch_tcb *tcb = (struct uk_arch_tcb *)tp;
	const char *image = uk_image_tls;
	size_t data = (size_t)(uk_image_tls_data_end - uk_image_tls), rest = size - data;
	char *block = (char *)tp - size;

	/* once for each thread: a loop over bytes would be half of what making one costs */
	__asm__ volatile("rep movsb" : "+D"(block), "+S"(image), "+c"(data) : : "memory");
	__asm__ volatile("rep stosb" : "+D"(block), "+c"(rest) : "a"(0) : "memory");
	*tcb = (struct uk_arch_tcb){.self = tcb, .canary = canary};
	return tcb;
}

void *uk_arch_tls_init(void *memory)
{
	uintptr_t canary;

	__asm__ volatile("movq %%fs:0x28, %0" : "=r"(canary));
	return uk_arch_tls_boot(memory, canary);
}
