/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Faults arrive as signals, on a stack of their own, and become panics. */

#include <string.h>

#include <uk/arch/regs.h>
#include <uk/base.h>
#include <uk/plat/boot.h>
#include <uk/plat/console.h>
#include <uk/plat/cpu.h>

#include "linux.h"
#include "signal.h"
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
#define SIG_UNBLOCK 1
#define TRAP_PAGE_FAULT 14

struct action {
	unsigned long handler, flags;
	void (*restorer)(void);
	uint64_t mask;
};

/* In the order of enum uk_cpu_fault. */
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

/* Nobody deals with faults in most images. */
UK_WEAK _Bool uk_cpu_fault(struct uk_arch_regs *r UK_UNUSED, enum uk_cpu_fault fault UK_UNUSED,
			   uintptr_t address UK_UNUSED)
{
	return false;
}

/* Where each word of struct uk_arch_regs is in the context, counted in words from r8; none for cs and ss. */
#define PLACE(field) ((offsetof(struct uk_linux_context, field) - offsetof(struct uk_linux_context, r8)) / 8)
#define NOWHERE 0xff
static const uint8_t places[] = {
    PLACE(r15),   PLACE(r14), PLACE(r13), PLACE(r12),    PLACE(rbp), PLACE(rbx), PLACE(r11), PLACE(r10),
    PLACE(r9),    PLACE(r8),  PLACE(rax), PLACE(rcx),    PLACE(rdx), PLACE(rsi), PLACE(rdi), PLACE(trap),
    PLACE(error), PLACE(rip), NOWHERE,    PLACE(rflags), PLACE(rsp), NOWHERE,
};
_Static_assert(sizeof(places) * sizeof(uint64_t) == sizeof(struct uk_arch_regs), "one for each register");

void uk_linux_regs_copy(struct uk_arch_regs *r, struct uk_linux_context *c, bool back)
{
	for (size_t i = 0; i < sizeof(places); i++) {
		uint64_t *reg = &r->r15 + i, *saved = &c->r8 + places[i];

		if (places[i] == NOWHERE)
			*reg = 0;
		else if (back)
			*saved = *reg;
		else
			*reg = *saved;
	}
}

/* The signals that are interrupts are blocked here; a panic may be left by a jump, which would leave them so. */
static void fault(int signal, const void *info UK_UNUSED, struct uk_linux_context *c)
{
	const uintptr_t address = c->trap == TRAP_PAGE_FAULT ? c->cr2 : 0;
	const uint64_t interrupts = UK_LINUX_INTERRUPTS;
	const char *name = names;
	struct uk_arch_regs r;
	unsigned i;

	for (i = 0; signals[i] != signal; i++)
		name += strlen(name) + 1;
	uk_linux_regs_copy(&r, c, false);
	if (uk_cpu_fault(&r, (enum uk_cpu_fault)i, address)) {
		uk_linux_regs_copy(&r, c, true);
		return;
	}
	if (signal == SIGSEGV && c->trap != TRAP_PAGE_FAULT)
		name = NAME_PROTECTION;
	uk_plat_irq_save();
	uk_linux_call4(UK_LINUX_SIGPROCMASK, SIG_UNBLOCK, (long)&interrupts, 0, sizeof(interrupts));
	uk_bug_trap(&r, name, address);
}

void uk_linux_signal_set(int signal, unsigned long handler, unsigned long flags)
{
	const struct action action = {handler, flags, uk_linux_sigreturn, UK_LINUX_INTERRUPTS};

	uk_linux_call4(UK_LINUX_SIGACTION, signal, (long)&action, 0, sizeof(action.mask));
}

void uk_linux_signal_init(void *stack, size_t size)
{
	const struct uk_linux_stack alternate = {stack, 0, size};

	uk_linux_call3(UK_LINUX_SIGALTSTACK, (long)&alternate, 0, 0);
	for (unsigned i = 0; i < sizeof(signals); i++)
		uk_linux_signal_set(signals[i], (unsigned long)fault, UK_LINUX_SA_FLAGS | UK_LINUX_SA_NODEFER);
	uk_linux_signal_set(SIGPIPE, SIG_IGN, UK_LINUX_SA_FLAGS);
}
