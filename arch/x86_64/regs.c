/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <stddef.h>

#include <uk/arch/regs.h>

_Static_assert(offsetof(struct uk_arch_regs, r15) == 0, "regs_save.S and the trap entry count on it");
_Static_assert(offsetof(struct uk_arch_regs, rdi) == 112, "regs_save.S and the trap entry count on it");
_Static_assert(offsetof(struct uk_arch_regs, rip) == 136, "regs_save.S and the trap entry count on it");
_Static_assert(sizeof(struct uk_arch_regs) == 176, "regs_save.S and the trap entry count on it");

struct name {
	char text[4];
	unsigned char offset;
};

#define NAME(text, field)                                                                                              \
	{                                                                                                              \
		text, offsetof(struct uk_arch_regs, field)                                                             \
	}

static const struct name names[] = {
    NAME("rip", rip), NAME("rsp", rsp), NAME("rbp", rbp), NAME("flg", rflags), NAME("rax", rax),
    NAME("rbx", rbx), NAME("rcx", rcx), NAME("rdx", rdx), NAME("rsi", rsi),    NAME("rdi", rdi),
    NAME("r8 ", r8),  NAME("r9 ", r9),  NAME("r10", r10), NAME("r11", r11),    NAME("r12", r12),
    NAME("r13", r13), NAME("r14", r14), NAME("r15", r15), NAME("vec", vector), NAME("err", error),
};

void uk_arch_regs_print(const struct uk_arch_regs *r, void (*print)(const char *fmt, ...))
{
	const unsigned per_line = 4;

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		unsigned long value = *(const uint64_t *)(const void *)((const char *)r + names[i].offset);

		print("%s %016lx%s", names[i].text, value, i % per_line == per_line - 1 ? "\n" : "  ");
	}
}
