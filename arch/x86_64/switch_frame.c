/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <uk/arch/regs.h>
#include <uk/arch/switch.h>

#define MXCSR_DEFAULT 0x1f80u /* all exceptions masked (Intel SDM vol. 1, 10.2.3) */
#define X87_DEFAULT 0x37full  /* likewise, extended precision (Intel SDM vol. 1, 8.1.5) */
#define RED_ZONE 128          /* System V ABI, 3.2.2: what code that is not ours may use below its stack pointer */

/* See switch.S. */
struct frame {
	uint64_t control, r15, r14, r13, r12, rbx, rbp, ret;
};

void uk_arch_diverted(void);

void *uk_arch_switch_frame(void *top, void (*entry)(void))
{
	uint64_t *end = top;
	struct frame *f;

	*--end = 0; /* entry's own return address, where chains of frames end */
	f = (struct frame *)(void *)end - 1;
	*f = (struct frame){.control = MXCSR_DEFAULT | X87_DEFAULT << 32, .ret = (uintptr_t)entry};
	return f;
}

void uk_arch_switch_regs(void *sp, struct uk_arch_regs *r)
{
	const struct frame *f = sp;

	*r = (struct uk_arch_regs){
	    .r15 = f->r15,
	    .r14 = f->r14,
	    .r13 = f->r13,
	    .r12 = f->r12,
	    .rbx = f->rbx,
	    .rbp = f->rbp,
	    .rip = f->ret,
	    .rsp = (uintptr_t)(f + 1),
	};
}

void uk_arch_regs_divert(struct uk_arch_regs *r, void (*function)(void))
{
	uint64_t *sp = (uint64_t *)(r->rsp - RED_ZONE);

	*--sp = r->rip;
	*--sp = (uintptr_t)function;
	r->rsp = (uintptr_t)sp;
	r->rip = (uintptr_t)uk_arch_diverted;
}
