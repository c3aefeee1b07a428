/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Atomic against interrupts and threads of the same CPU only: one instruction without the lock prefix (Intel SDM vol.
 * 3, 9.1.1, says what the prefix adds), which costs a quarter of it. For images that are made for one CPU. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Replace *p by value if it is expected. Whether it was. Orders memory as the compiler sees it. Context: any. */
static inline bool uk_arch_cmpxchg_local(uint64_t *p, uint64_t expected, uint64_t value)
{
	bool equal;

	__asm__ volatile("cmpxchgq %3, %1" : "=@ccz"(equal), "+m"(*p), "+a"(expected) : "r"(value) : "memory");
	return equal;
}
