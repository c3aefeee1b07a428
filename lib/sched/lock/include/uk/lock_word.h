/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What the fast paths of the locks are made of: a 64-bit word that is changed in one step. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/arch/atomic.h>
#include <uk/arch/tls.h>
#include <uk/lock.h>

/* Replace *word by value if it is expected; whether it was. Ordered against everything around it, on all the CPUs that
 * the image is made for. Context: any. */
static inline bool uk_lock_swap(uint64_t *word, uint64_t expected, uint64_t value)
{
	if (!UK_SMP)
		return uk_arch_cmpxchg_local(word, expected, value);
	return __atomic_compare_exchange_n(word, &expected, value, false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
}

/* Read it, without any order. Context: any. */
static inline uint64_t uk_lock_peek(const uint64_t *word)
{
	return __atomic_load_n(word, __ATOMIC_RELAXED);
}

/* Who asks: the thread pointer, which every thread has, and the one thread of an image without a scheduler.
 * A multiple of 8. Context: a thread. */
static inline uint64_t uk_lock_self(void)
{
	return (uint64_t)(uintptr_t)uk_arch_tls_self();
}
