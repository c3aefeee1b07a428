/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Signals of broken code become panics, on a stack of their own so that a stack overflow is told, too. A signal is not
 * masked while its handler runs: the test framework leaves by a jump. */
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <ucontext.h>

#include <uk/arch/regs.h>
#include <uk/base.h>
#include <uk/plat/cpu.h>

#include "host.h"

_Noreturn void uk_bug_trap(const struct uk_arch_regs *regs, const char *what, uintptr_t address) UK_WEAK;

UK_WEAK _Bool uk_cpu_fault(struct uk_arch_regs *r, enum uk_cpu_fault fault, uintptr_t address);

static char stack[65536] UK_ALIGNED(16);

static const struct trap {
	int signal;
	enum uk_cpu_fault fault;
	const char *what;
} traps[] = {
    {SIGSEGV, UK_CPU_FAULT_MEMORY, "page fault"},
    {SIGBUS, UK_CPU_FAULT_BUS, "bus error"},
    {SIGILL, UK_CPU_FAULT_INSTRUCTION, "invalid instruction"},
    {SIGFPE, UK_CPU_FAULT_ARITHMETIC, "arithmetic trap"},
};

/* In the order of struct uk_arch_regs; what is between these and the last ones stays 0. */
static const int places[] = {REG_R15, REG_R14, REG_R13, REG_R12, REG_RBP, REG_RBX, REG_R11, REG_R10,
			     REG_R9,  REG_R8,  REG_RAX, REG_RCX, REG_RDX, REG_RSI, REG_RDI};

static void get_regs(struct uk_arch_regs *r, const ucontext_t *context)
{
	const greg_t *g = context->uc_mcontext.gregs;

	memset(r, 0, sizeof(*r));
	for (size_t i = 0; i < UK_ARRAY_SIZE(places); i++)
		(&r->r15)[i] = (uint64_t)g[places[i]];
	r->rip = (uint64_t)g[REG_RIP];
	r->rsp = (uint64_t)g[REG_RSP];
	r->rflags = (uint64_t)g[REG_EFL];
}

static void set_regs(ucontext_t *context, const struct uk_arch_regs *r)
{
	greg_t *g = context->uc_mcontext.gregs;

	for (size_t i = 0; i < UK_ARRAY_SIZE(places); i++)
		g[places[i]] = (greg_t)(&r->r15)[i];
	g[REG_RIP] = (greg_t)r->rip;
	g[REG_RSP] = (greg_t)r->rsp;
	g[REG_EFL] = (greg_t)r->rflags;
}

static void on_signal(int number, siginfo_t *info, void *context)
{
	const uintptr_t address = number == SIGSEGV ? (uintptr_t)info->si_addr : 0;
	const struct trap *trap = traps;
	struct uk_arch_regs regs;

	while (trap->signal != number)
		trap++;
	get_regs(&regs, context);
	if (uk_cpu_fault && uk_cpu_fault(&regs, trap->fault, address)) {
		set_regs(context, &regs);
		return;
	}
	if (uk_bug_trap)
		uk_bug_trap(&regs, trap->what, address);
	signal(number, SIG_DFL);
	raise(number);
}

void uk_host_traps_init(void)
{
	stack_t alternate = {.ss_sp = stack, .ss_size = sizeof(stack)};
	struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};

	sigaltstack(&alternate, NULL);
	for (size_t i = 0; i < UK_ARRAY_SIZE(traps); i++)
		sigaction(traps[i].signal, &action, NULL);
}
