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

#include "host.h"

_Noreturn void uk_bug_trap(const struct uk_arch_regs *regs, const char *what, uintptr_t address) UK_WEAK;

static char stack[65536] UK_ALIGNED(16);

static const struct trap {
	int signal;
	const char *what;
} traps[] = {
    {SIGSEGV, "page fault"},
    {SIGBUS, "bus error"},
    {SIGILL, "invalid instruction"},
    {SIGFPE, "arithmetic trap"},
};

static void fill_regs(struct uk_arch_regs *r, const ucontext_t *context)
{
	const greg_t *g = context->uc_mcontext.gregs;

	memset(r, 0, sizeof(*r));
	r->rip = (uint64_t)g[REG_RIP];
	r->rsp = (uint64_t)g[REG_RSP];
	r->rbp = (uint64_t)g[REG_RBP];
	r->rax = (uint64_t)g[REG_RAX];
	r->rbx = (uint64_t)g[REG_RBX];
	r->rcx = (uint64_t)g[REG_RCX];
	r->rdx = (uint64_t)g[REG_RDX];
	r->rsi = (uint64_t)g[REG_RSI];
	r->rdi = (uint64_t)g[REG_RDI];
	r->r8 = (uint64_t)g[REG_R8];
	r->r9 = (uint64_t)g[REG_R9];
	r->r10 = (uint64_t)g[REG_R10];
	r->r11 = (uint64_t)g[REG_R11];
	r->r12 = (uint64_t)g[REG_R12];
	r->r13 = (uint64_t)g[REG_R13];
	r->r14 = (uint64_t)g[REG_R14];
	r->r15 = (uint64_t)g[REG_R15];
	r->rflags = (uint64_t)g[REG_EFL];
}

static void on_signal(int number, siginfo_t *info, void *context)
{
	struct uk_arch_regs regs;

	fill_regs(&regs, context);
	for (size_t i = 0; i < UK_ARRAY_SIZE(traps) && uk_bug_trap; i++)
		if (traps[i].signal == number)
			uk_bug_trap(&regs, traps[i].what, number == SIGSEGV ? (uintptr_t)info->si_addr : 0);
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
