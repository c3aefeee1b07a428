/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Alternate stacks, for the handlers that ask for one. */

#include <uk/arch/cpu.h>
#include <uk/arch/switch.h>
#include <uk/plat/cpu.h>

#include "internal.h"

#define ALIGNMENT 64ul /* the most that an architecture wants for its stacks */

static bool within(const stack_t *stack, uintptr_t sp)
{
	return sp - (uintptr_t)stack->ss_sp < stack->ss_size;
}

int sigaltstack(const stack_t *restrict stack, stack_t *restrict old)
{
	struct uk_signal_thread *s = &uk_signal_self;
	const bool on = within(&s->stack, uk_arch_fp());
	const stack_t before = s->stack;

	if (stack && on)
		return uk_signal_result(-EPERM);
	if (stack && stack->ss_flags && stack->ss_flags != SS_DISABLE && stack->ss_flags != SS_ONSTACK)
		return uk_signal_result(-EINVAL);
	if (stack && !(stack->ss_flags & SS_DISABLE) && stack->ss_size < MINSIGSTKSZ)
		return uk_signal_result(-ENOMEM);
	if (stack)
		s->stack = stack->ss_flags & SS_DISABLE ? (stack_t){0} : *stack;
	if (old) {
		*old = before;
		old->ss_flags = on ? SS_ONSTACK : before.ss_size ? 0 : SS_DISABLE;
	}
	return 0;
}

void *uk_signal_stack_top(const struct sigaction *action, uintptr_t sp)
{
	const stack_t *stack = &uk_signal_self.stack;

	if (!(action->sa_flags & SA_ONSTACK) || !stack->ss_size || within(stack, sp))
		return NULL;
	return (void *)(((uintptr_t)stack->ss_sp + stack->ss_size) & ~(ALIGNMENT - 1));
}

/* The first and last function on the other stack. */
static void on_stack(void)
{
	struct uk_signal_call *call = uk_signal_self.call;
	void *left;

	uk_plat_irq_restore(call->state);
	call->run(call);
	uk_plat_irq_save();
	uk_arch_switch(&left, call->back);
}

void uk_signal_call_on(void *top, struct uk_signal_call *call)
{
	call->state = uk_plat_irq_save();
	uk_signal_self.call = call;
	uk_arch_switch(&call->back, uk_arch_switch_frame(top, on_stack));
	uk_plat_irq_restore(call->state);
}
