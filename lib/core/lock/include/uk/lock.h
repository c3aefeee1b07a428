/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Spinlocks. Their code vanishes where one CPU is configured (CORE_LOCK_CPUS is 1); the word is always there, so
 * that no structure changes its layout.
 *
 * Rule for every user: a lock is taken with interrupts masked, by the _irq pair or where they are masked already,
 * since a thread that is preempted while it holds one would leave the others spinning; it is held for a few
 * instructions, never across anything that waits. Where one CPU is configured, masking is what excludes others. */
#pragma once

#include <core/lock/config.h>

#include <stdbool.h>
#include <stdint.h>

#include <uk/arch/cpu.h>
#include <uk/plat/cpu.h>

/* The most CPUs that the image can use: for arrays with an element for each, indexed by uk_plat_cpu(). */
#define UK_CPUS CONFIG_CORE_LOCK_CPUS
#define UK_SMP (UK_CPUS > 1)

struct uk_lock {
	uint32_t word; /* 0: free */
};

#define UK_LOCK_INIT                                                                                                   \
	{                                                                                                              \
		0                                                                                                      \
	}

/* Take the lock if it is free. Whether it was taken; always so with one CPU. Context: any. */
static inline bool uk_lock_try(struct uk_lock *l)
{
	return !UK_SMP || !__atomic_exchange_n(&l->word, 1, __ATOMIC_ACQUIRE);
}

/* Take the lock, spinning until it is free. Context: interrupts masked. */
static inline void uk_lock_acquire(struct uk_lock *l)
{
	while (!uk_lock_try(l))
		while (__atomic_load_n(&l->word, __ATOMIC_RELAXED))
			uk_arch_pause();
}

/* Give it back. Context: its holder. */
static inline void uk_lock_release(struct uk_lock *l)
{
	if (UK_SMP)
		__atomic_store_n(&l->word, 0, __ATOMIC_RELEASE);
}

/* Take the lock with interrupts masked on this CPU; returns the state for uk_lock_release_irq(). Context: any. */
static inline unsigned long uk_lock_acquire_irq(struct uk_lock *l)
{
	unsigned long state = uk_plat_irq_save();

	uk_lock_acquire(l);
	return state;
}

/* Give it back and restore the interrupt mask. Context: its holder. */
static inline void uk_lock_release_irq(struct uk_lock *l, unsigned long state)
{
	uk_lock_release(l);
	uk_plat_irq_restore(state);
}
