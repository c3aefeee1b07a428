/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Faults that reach a handler: the faulting code is made to call it, and is tried again when it returns. A fault that
 * is blocked, ignored or left to its default is a panic, as in a system without signals. */

#include <uk/arch/regs.h>
#include <uk/arch/switch.h>
#include <uk/plat/cpu.h>
#include <uk/plat/memory.h>

#include "internal.h"

/* At the top of the alternate stack while a handler runs there: what to go back to. */
struct interrupted {
	struct uk_arch_regs regs;
} UK_ALIGNED(16);

#define BACK_SIZE 8 /* how far behind its beginning back() traps, at the most */

static const uint8_t numbers[] = {
    [UK_CPU_FAULT_MEMORY] = SIGSEGV,    [UK_CPU_FAULT_BUS] = SIGBUS,         [UK_CPU_FAULT_INSTRUCTION] = SIGILL,
    [UK_CPU_FAULT_ARITHMETIC] = SIGFPE, [UK_CPU_FAULT_BREAKPOINT] = SIGTRAP,
};

static bool in_memory(uintptr_t address)
{
	size_t count;
	const struct uk_plat_region *map = uk_plat_memory_map(&count);

	if (address < UK_PAGE_SIZE) /* never mapped, wherever memory begins */
		return false;
	while (count--)
		if (address - map[count].base < map[count].size)
			return true;
	return false;
}

static int code_of(unsigned fault, uintptr_t address)
{
	if (fault == UK_CPU_FAULT_MEMORY)
		return in_memory(address) ? SEGV_ACCERR : SEGV_MAPERR;
	return 1; /* BUS_ADRALN, ILL_ILLOPC, FPE_INTDIV, TRAP_BRKPT */
}

/* What the faulting code is made to call. */
static void handle(void)
{
	const struct uk_signal_fault fault = uk_signal_self.fault;
	siginfo_t info = {.si_signo = fault.number, .si_code = fault.code};

	info.si_addr = (void *)(fault.address ? fault.address : fault.number == SIGSEGV ? 0 : fault.pc);
	uk_signal_handle(fault.number, &info, &fault);
}

/* Where the code on the alternate stack goes on after the handler. The fault that this is puts back what was
 * interrupted: so every register is as it was, on the stack that may be full. */
static void back(void)
{
	__builtin_trap();
}

/* Have the handler begin on the alternate stack. */
static void change_stack(struct uk_arch_regs *r, void *top)
{
	struct interrupted *i = (struct interrupted *)top - 1;

	i->regs = *r;
	uk_arch_regs_goto(r, (uintptr_t)back, (uintptr_t)i);
}

bool uk_signal_fault(struct uk_arch_regs *r, unsigned fault, uintptr_t address)
{
	struct uk_signal_thread *s = &uk_signal_self;
	const int number = numbers[fault];
	const struct sigaction *action = &uk_signal_actions[number];
	const uintptr_t sp = uk_arch_regs_sp(r);
	void *top;

	if (fault == UK_CPU_FAULT_INSTRUCTION && uk_arch_regs_pc(r) - (uintptr_t)back < BACK_SIZE) {
		*r = ((struct interrupted *)UK_ALIGN_UP(sp, _Alignof(struct interrupted)))->regs;
		return true;
	}
	if ((s->blocked & uk_signal_bit(number)) || action->sa_handler == SIG_DFL || action->sa_handler == SIG_IGN)
		return false;
	s->fault = (struct uk_signal_fault){number, code_of(fault, address), address, uk_arch_regs_pc(r),
					    sp,     uk_arch_regs_fp(r)};
	top = uk_signal_stack_top(action, sp);
	if (top)
		change_stack(r, top);
	uk_arch_regs_divert(r, handle);
	return true;
}
