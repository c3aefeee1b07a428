/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Leaving a deep call chain at once: setjmp without signals and without floating point. */
#pragma once

#include <stdint.h>

/* What a call preserves: rbx, rbp, r12 to r15, stack pointer, return address (System V ABI, 3.2.1). The contents are
 * private. */
struct uk_arch_jump {
	uint64_t reg[8];
};

/* Remember this place in *j. Returns 0; and once more, with the value given, for each uk_arch_longjmp() to it, which
 * must come before the calling function returns. Neither the interrupt mask nor the vector unit's control
 * registers are saved. Context: any. */
int uk_arch_setjmp(struct uk_arch_jump *j) __attribute__((returns_twice));

/* Continue after the uk_arch_setjmp() that filled *j; it returns value, or 1 if value is 0. Context: any; leaving a
 * trap handler this way is allowed. */
_Noreturn void uk_arch_longjmp(const struct uk_arch_jump *j, int value);
