/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <stdint.h>

#include <uk/arch/cpu.h>
#include <uk/arch/frame.h>
#include <uk/arch/jump.h>
#include <uk/arch/regs.h>
#include <uk/test.h>

static struct uk_arch_jump jump;

static __attribute__((noinline)) void leave(int depth, int value)
{
	volatile char frame[64];

	frame[0] = (char)depth;
	if (depth > 0)
		leave(depth - 1, value);
	if (frame[0] == 0)
		uk_arch_longjmp(&jump, value);
}

UK_TEST(x86_64, jump_returns_the_value)
{
	volatile int times = 0;
	int got = uk_arch_setjmp(&jump);

	times = times + 1;
	if (times == 1)
		leave(5, 42);
	UK_CHECK_EQ(times, 2);
	UK_CHECK_EQ(got, 42);
}

UK_TEST(x86_64, jump_with_zero_returns_one)
{
	int got = uk_arch_setjmp(&jump);

	if (got == 0)
		leave(0, 0);
	UK_CHECK_EQ(got, 1);
}

/* All registers that a call preserves hold a known value across the jump; rbp and rsp are checked by coming back. */
UK_TEST(x86_64, jump_restores_registers)
{
	uint64_t sum;

	__asm__ volatile(
	    "pushq %%rbp\n\t"
	    "movq $1, %%rbx\n\tmovq $20, %%r12\n\tmovq $300, %%r13\n\tmovq $4000, %%r14\n\tmovq $50000, %%r15\n\t"
	    "leaq %1, %%rdi\n\tcall uk_arch_setjmp\n\t"
	    "testl %%eax, %%eax\n\tjnz 1f\n\t"
	    "xorl %%ebx, %%ebx\n\txorl %%r12d, %%r12d\n\txorl %%r13d, %%r13d\n\txorl %%r14d, %%r14d\n\t"
	    "xorl %%r15d, %%r15d\n\txorl %%ebp, %%ebp\n\t"
	    "leaq %1, %%rdi\n\tmovl $7, %%esi\n\tcall uk_arch_longjmp\n"
	    "1:\tpopq %%rbp\n\tmovq %%rbx, %0\n\taddq %%r12, %0\n\taddq %%r13, %0\n\taddq %%r14, %0\n\t"
	    "addq %%r15, %0"
	    : "=&a"(sum), "+m"(jump)
	    :
	    : "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "memory", "cc");
	UK_CHECK_EQ(sum, 54321);
}

UK_TEST(x86_64, saved_registers_are_here)
{
	struct uk_arch_regs r;
	uintptr_t here;

	uk_arch_regs_save(&r);
	__asm__ volatile("leaq 0(%%rip), %0" : "=r"(here));
	UK_CHECK(here >= uk_arch_regs_pc(&r) && here - uk_arch_regs_pc(&r) < 256);
	UK_CHECK((uintptr_t)&r >= uk_arch_regs_sp(&r) && (uintptr_t)&r - uk_arch_regs_sp(&r) < 4096);
}

static unsigned printed;

static void count(const char *fmt, ...)
{
	printed += fmt[0] == '%';
}

UK_TEST(x86_64, print_names_every_register)
{
	struct uk_arch_regs r = {.rip = 1};

	printed = 0;
	uk_arch_regs_print(&r, count);
	UK_CHECK_EQ(printed, 20);
}

/* A stack made by hand: frames at 1, 3 and 5; what is wrong with the chain differs from case to case. */
struct chain {
	uintptr_t next[3]; /* indices into the stack; 0 ends */
	size_t frames;     /* found */
};

static const struct chain chains[] = {
    {{3, 5, 0}, 3},   {{3, 1, 0}, 2}, /* goes back: a loop */
    {{3, 3, 0}, 2},                   /* points at itself */
    {{3, 100, 0}, 2},                 /* leaves the stack */
    {{7, 0, 0}, 1},                   /* the last word: half a frame */
};

UK_TEST_EACH(x86_64, backtrace_stays_in_bounds, struct chain, chains)
{
	uintptr_t stack[8] = {0}, out[8];
	const uintptr_t low = (uintptr_t)stack, high = low + sizeof(stack);

	for (unsigned i = 0; i < 3; i++) {
		stack[1 + 2 * i] = it->next[i] ? low + it->next[i] * sizeof(stack[0]) : 0;
		stack[2 + 2 * i] = 1000 + i;
	}
	UK_CHECK_EQ(uk_arch_backtrace(low + sizeof(stack[0]), low, high, out, 8), it->frames);
	UK_CHECK_EQ(out[0], 1000);
	UK_CHECK_EQ(uk_arch_backtrace(low + sizeof(stack[0]), low, high, out, 1), 1);
	UK_CHECK_EQ(uk_arch_backtrace(low + 3, low, high, out, 8), 0);
	UK_CHECK_EQ(uk_arch_backtrace(0, low, high, out, 8), 0);
	UK_CHECK_EQ(uk_arch_backtrace(UINTPTR_MAX & ~(uintptr_t)7, low, high, out, 8), 0);
}

UK_TEST(x86_64, cycles_advance)
{
	uint64_t first = uk_arch_cycles();

	uk_arch_pause();
	UK_CHECK(uk_arch_cycles() > first);
}
