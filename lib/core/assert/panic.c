/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The panic path: as little as possible is trusted. One buffer and one depth counter; a panic inside a panic is cut
 * shorter each time, the third only ends the system.
 *
 * Locking: the first CPU that panics becomes the `reporter` and has everything here to itself, until it says that it
 * has recovered; others wait for that with interrupts masked, mostly for ever. The hook is set before others run. */
#include <core/assert/config.h>

#include <stdbool.h>

#include <uk/arch/frame.h>
#include <uk/arch/regs.h>
#include <uk/arch/cpu.h>
#include <uk/assert.h>
#include <uk/lock.h>
#include <uk/plat/boot.h>
#include <uk/plat/console.h>
#include <uk/plat/cpu.h>
#include <uk/print.h>

#define UNKNOWN_STACK 65536 /* how far a stack of unknown size is followed */

static char message[256];
static unsigned depth;
static struct uk_bug_thread_info thread; /* that panics; with CORE_ASSERT_THREADS only */
static unsigned reporter;                /* CPU + 1; 0: none */
static void (*hook)(const char *message, int reported);

void uk_bug_hook(void (*new_hook)(const char *message, int reported))
{
	hook = new_hook;
}

void uk_bug_recovered(void)
{
	depth = 0;
	uk_print_drop();
	if (UK_SMP)
		__atomic_store_n(&reporter, 0, __ATOMIC_RELEASE);
}

/* Absent without a scheduler. */
UK_WEAK_REF void uk_bug_thread(uintptr_t sp, uintptr_t address, struct uk_bug_thread_info *info);

static void find_thread(uintptr_t sp, uintptr_t address)
{
	if (!UK_ENABLED(CORE_ASSERT_THREADS))
		return;
	thread = (struct uk_bug_thread_info){.cpu = uk_plat_cpu()};
	if (uk_bug_thread)
		uk_bug_thread(sp, address, &thread);
}

static void print(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	uk_vprintf(format, ap);
	va_end(ap);
}

/* The bounds of the image's text, from the linker script; absent on the hosted platform. */
extern const char uk_image_text[] UK_WEAK, uk_image_text_end[] UK_WEAK;

/* The callers of the code that regs are of, from frame pointers if there is a chain of them, else by search. */
static size_t callers(const struct uk_arch_regs *regs, uintptr_t *frames, size_t max)
{
	uintptr_t sp = uk_arch_regs_sp(regs), low, high;
	size_t n;

	uk_plat_boot_stack(&low, &high);
	if (UK_ENABLED(CORE_ASSERT_THREADS) && thread.stack_end) {
		low = thread.stack;
		high = thread.stack_end;
		if (thread.overflow) /* it stands below */
			sp = UK_ALIGN_UP(UK_MAX(sp, low), sizeof(uintptr_t));
	}
	if (sp < low || sp >= high) /* a stack of unknown bounds: only the chain can be trusted */
		return uk_arch_backtrace(uk_arch_regs_fp(regs), sp, sp + UNKNOWN_STACK, frames, max);
	n = uk_arch_backtrace(uk_arch_regs_fp(regs), sp, high, frames, max);
	if (n > 1 || !uk_image_text_end)
		return n;
	return uk_arch_scan(sp, high, (uintptr_t)uk_image_text, (uintptr_t)uk_image_text_end, frames, max);
}

static void print_backtrace(const struct uk_arch_regs *regs, uintptr_t pc)
{
	uintptr_t frames[CONFIG_CORE_ASSERT_FRAMES];
	size_t n = callers(regs, frames, CONFIG_CORE_ASSERT_FRAMES);

	print("backtrace: 0x%lx", (unsigned long)pc);
	for (size_t i = n && frames[0] == pc + 1; i < n; i++) /* the place of UK_BUG() itself only once */
		print(" 0x%lx", (unsigned long)frames[i]);
	print("\n");
}

static void print_thread(void)
{
	if (thread.name)
		print("cpu %u, thread %s\n", thread.cpu, thread.name);
	else if (UK_SMP)
		print("cpu %u\n", thread.cpu);
}

/* Does not return unless the hook takes over. */
static _Noreturn void panic(const struct uk_arch_regs *regs, uintptr_t pc, const char *where, const char *text)
{
	if (hook)
		hook(text, 0);
	uk_print_strings("panic: ", where, *where ? ": " : "", text, "\n", NULL);
	if (UK_ENABLED(CORE_ASSERT_REPORT) && depth == 1) {
		if (UK_ENABLED(CORE_ASSERT_THREADS))
			print_thread();
		uk_arch_regs_print(regs, print);
		print_backtrace(regs, pc);
	}
	if (hook)
		hook(text, 1);
	uk_plat_crash();
}

/* Returns at once in a panic within a panic. */
static void become_reporter(void)
{
	unsigned self = uk_plat_cpu() + 1, other = 0;

	while (!__atomic_compare_exchange_n(&reporter, &other, self, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
		if (other == self)
			return;
		other = 0;
		uk_arch_pause();
	}
}

/* What both ways into a panic begin with. */
static void enter(void)
{
	uk_plat_irq_save();
	if (UK_SMP)
		become_reporter();
	if (++depth > 2)
		uk_plat_crash();
	uk_print_seize();
}

_Noreturn void uk_bug_report(const char *where, const char *format, ...)
{
	struct uk_arch_regs regs;
	va_list ap;
	size_t len;

	if (!UK_ENABLED(CORE_ASSERT_REPORT)) { /* the format as it is says most, and needs no formatter */
		enter();
		panic(NULL, 0, where, format);
	}
	uk_arch_regs_save(&regs);
	enter();
	find_thread(uk_arch_regs_sp(&regs), 0);
	len = (size_t)uk_snprintf(message, sizeof(message), "%s: ", where);
	va_start(ap, format);
	uk_vsnprintf(message + len, sizeof(message) - len, format, ap);
	va_end(ap);
	panic(&regs, (uintptr_t)__builtin_return_address(0) - 1, "", message); /* within the call */
}

_Noreturn void uk_bug_trap(const struct uk_arch_regs *regs, const char *what, uintptr_t address)
{
	enter();
	if (UK_ENABLED(CORE_ASSERT_THREADS))
		find_thread(uk_arch_regs_sp(regs), address);
	if (!UK_ENABLED(CORE_ASSERT_REPORT))
		panic(regs, 0, "",
		      UK_ENABLED(CORE_ASSERT_THREADS) && thread.overflow ? "stack overflow in thread" : what);
	if (UK_ENABLED(CORE_ASSERT_THREADS) && thread.overflow)
		uk_snprintf(message, sizeof(message), "stack overflow in thread %s (%s at 0x%lx)", thread.name, what,
			    (unsigned long)address);
	else
		uk_snprintf(message, sizeof(message), address ? "%s at 0x%lx" : "%s", what, (unsigned long)address);
	panic(regs, uk_arch_regs_pc(regs), "", message);
}
