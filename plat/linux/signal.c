/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Faults arrive as signals, on a stack of their own, and become panics. */

#include <string.h>

#include <uk/arch/regs.h>
#include <uk/base.h>
#include <uk/plat/boot.h>
#include <uk/plat/console.h>

#include "linux.h"
#include "syscall.h"

enum {
	SIGILL = 4,
	SIGTRAP = 5,
	SIGBUS = 7,
	SIGFPE = 8,
	SIGSEGV = 11,
	SIGPIPE = 13
};
#define SIG_IGN 1ul
/* SA_SIGINFO, SA_RESTORER, SA_ONSTACK; SA_NODEFER, since a test may leave the handler by a jump. */
#define FLAGS (0x4ul | 0x04000000ul | 0x08000000ul | 0x40000000ul)
#define TRAP_PAGE_FAULT 14

/* Linux arch/x86/include/uapi/asm/signal.h and sigcontext.h, ucontext.h. */
struct action {
	unsigned long handler, flags;
	void (*restorer)(void);
	uint64_t mask;
};

struct stack {
	void *base;
	int flags;
	size_t size;
};

struct context {
	unsigned long flags;
	struct context *link;
	struct stack stack;
	uint64_t r8, r9, r10, r11, r12, r13, r14, r15, rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip, rflags;
	uint16_t cs, gs, fs, ss;
	uint64_t error, trap, old_mask, cr2;
};

static const uint8_t signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP};
static const char names[] = "page fault\0bus error\0invalid instruction\0divide error\0breakpoint";
#define NAME_PROTECTION "general protection"

/* Stands in for core/assert where an image lacks it. */
_Noreturn UK_WEAK void uk_bug_trap(const struct uk_arch_regs *r, const char *what, uintptr_t address);
_Noreturn UK_WEAK void uk_bug_trap(const struct uk_arch_regs *r, const char *what, uintptr_t address)
{
	(void)r;
	(void)address;
	uk_plat_console_write(what, strlen(what));
	uk_plat_console_write("\n", 1);
	uk_plat_crash();
}

static void fault(int signal, const void *info, const struct context *c)
{
	const struct uk_arch_regs r = {
	    .r15 = c->r15,
	    .r14 = c->r14,
	    .r13 = c->r13,
	    .r12 = c->r12,
	    .rbp = c->rbp,
	    .rbx = c->rbx,
	    .r11 = c->r11,
	    .r10 = c->r10,
	    .r9 = c->r9,
	    .r8 = c->r8,
	    .rax = c->rax,
	    .rcx = c->rcx,
	    .rdx = c->rdx,
	    .rsi = c->rsi,
	    .rdi = c->rdi,
	    .vector = c->trap,
	    .error = c->error,
	    .rip = c->rip,
	    .cs = c->cs,
	    .rflags = c->rflags,
	    .rsp = c->rsp,
	    .ss = c->ss,
	};
	const char *name = names;

	(void)info;
	for (unsigned i = 0; signals[i] != signal; i++)
		name += strlen(name) + 1;
	if (signal == SIGSEGV && c->trap != TRAP_PAGE_FAULT)
		name = NAME_PROTECTION;
	uk_bug_trap(&r, name, c->trap == TRAP_PAGE_FAULT ? c->cr2 : 0);
}

static void set(int signal, unsigned long handler)
{
	const struct action action = {handler, FLAGS, uk_linux_sigreturn, 0};

	uk_linux_call4(UK_LINUX_SIGACTION, signal, (long)&action, 0, sizeof(action.mask));
}

void uk_linux_signal_init(void *stack, size_t size)
{
	const struct stack alternate = {stack, 0, size};

	uk_linux_call3(UK_LINUX_SIGALTSTACK, (long)&alternate, 0, 0);
	for (unsigned i = 0; i < sizeof(signals); i++)
		set(signals[i], (unsigned long)fault);
	set(SIGPIPE, SIG_IGN);
}
