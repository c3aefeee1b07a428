/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Assertions and the panic path.
 *
 * UK_ASSERT(cond) is for the caller's bugs and can be switched off (CORE_ASSERT_CHECKS; cond is then not evaluated);
 * UK_BUG("format", ...) is for impossible states and is always on. Both end the system with
 * UK_PLAT_CRASH_STATUS after printing what, where, the registers and "backtrace: 0x... 0x...", which the run tool
 * turns into names. If two CPUs panic, the first reports and the other stops. Input from outside (devices, packets,
 * files, the command line) must never reach either. */
#pragma once

#include <core/assert/config.h>

#include <stdbool.h>
#include <stdint.h>

#include <uk/base.h>

#ifndef UK_LIB
#define UK_LIB "?" /* the build passes each library's name */
#endif

struct uk_arch_regs;

#define UK_BUG_WHERE UK_LIB "/" __FILE_NAME__ ":" UK_STRING(__LINE__)
#define UK_BUG(...) uk_bug_report(UK_BUG_WHERE, __VA_ARGS__)
#define UK_ASSERT(cond)                                                                                                \
	do {                                                                                                           \
		if (CONFIG_CORE_ASSERT_CHECKS && uk_unlikely(!(cond)))                                                 \
			uk_bug_report(UK_BUG_WHERE, "assertion failed: %s", #cond);                                    \
	} while (0)

/* Panic: print where and the message, registers and backtrace, and end the system. What UK_BUG() calls.
 * Context: any. */
_Noreturn void uk_bug_report(const char *where, const char *format, ...) UK_PRINTF(2, 3);

/* Panic from a trap, called by the platform's handlers: what happened ("page fault"), the address it is about (0 if
 * none; printed unless 0) and the registers at that moment. Context: trap handlers on their own stack. */
_Noreturn void uk_bug_trap(const struct uk_arch_regs *regs, const char *what, uintptr_t address);

/* Let a tool that wants to survive panics (the test framework) see them: hook(message, false) is called before
 * anything is printed, hook(message, true) after the report. It may leave by uk_arch_longjmp(), after
 * uk_bug_recovered(); otherwise the panic goes on. Called with interrupts masked. NULL takes it away. message is valid
 * until the next panic. Context: any. */
void uk_bug_hook(void (*hook)(const char *message, int reported));

/* Say that the panic in progress is over, before leaving it from the hook. Context: inside the hook. */
void uk_bug_recovered(void);

/* What a panic wants to know of the thread that it happened in. */
struct uk_bug_thread_info {
	const char *name;           /* NULL: no thread is known */
	unsigned cpu;               /* where it runs */
	uintptr_t stack, stack_end; /* its lowest byte, above the guard page, and the first one behind it */
	bool overflow;              /* the address lies in its guard page, or its canary is gone */
};

/* Supplied by a scheduler, weak where it is called: fill in *info, all zero before, for the thread whose guard page
 * holds the address, unless that is 0; else for the one whose stack holds sp; else leave it. Called with interrupts
 * masked while the other CPUs run on; must not wait for a lock. Context: any. */
void uk_bug_thread(uintptr_t sp, uintptr_t address, struct uk_bug_thread_info *info);
