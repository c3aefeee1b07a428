/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The console's lock: held by a CPU with interrupts masked, so what is printed by a thread that would be preempted, by
 * an interrupt handler or by another CPU waits. It is recursive: a panic amid a line prints on. Only its owner
 * changes `depth`. */
#include <stdint.h>

#include <uk/arch/cpu.h>
#include <uk/plat/console.h>
#include <uk/plat/cpu.h>
#include <uk/print.h>

#define PATIENCE 1000000 /* rounds that a panic waits for another CPU's line to end */

static uint32_t owner; /* CPU + 1; 0: free */
static unsigned depth;

static uint32_t self(void)
{
	return uk_plat_cpu() + 1;
}

/* Whether the lock is now this CPU's for the first time. */
static int take(void)
{
	uint32_t nobody = 0;

	return !__atomic_load_n(&owner, __ATOMIC_RELAXED) &&
	       __atomic_compare_exchange_n(&owner, &nobody, self(), 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

static int mine(void)
{
	return __atomic_load_n(&owner, __ATOMIC_RELAXED) == self();
}

unsigned long uk_print_lock(void)
{
	unsigned long state = uk_plat_irq_save();

	while (!mine() && !take())
		uk_arch_pause();
	depth++;
	return state;
}

void uk_print_unlock(unsigned long state)
{
	if (mine() && !--depth) /* else a panic has taken it away */
		__atomic_store_n(&owner, 0, __ATOMIC_RELEASE);
	uk_plat_irq_restore(state);
}

void uk_print_lock_seize(void)
{
	for (unsigned i = 0; i < PATIENCE && !mine() && !take(); i++)
		uk_arch_pause();
	__atomic_store_n(&owner, self(), __ATOMIC_RELAXED);
	depth = 1;
}

void uk_print_lock_drop(void)
{
	if (!mine())
		return;
	depth = 0;
	__atomic_store_n(&owner, 0, __ATOMIC_RELEASE);
}

void uk_print_write(const void *data, size_t len)
{
	unsigned long state = uk_print_begin();

	uk_plat_console_write(data, len);
	uk_print_end(state);
}
