/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The list of all threads, their CPU time, and what a panic wants to know of them. Structures are never removed from
 * the list, so it can be walked without its lock. */

#include "internal.h"

#include <uk/arch/cpu.h>
#include <uk/assert.h>
#include <uk/plat/memory.h>

static struct uk_lock lock = UK_LOCK_INIT;
struct uk_thread *uk_thread_list; /* linked by `next`; debuggers know its name */

/* When the cycle counter was compared with the clock first. */
static uint64_t first_cycles, first_ns;

void uk_thread_list_add(struct uk_thread *t)
{
	const unsigned long state = uk_lock_acquire_irq(&lock);

	t->next = uk_thread_list;
	__atomic_store_n(&uk_thread_list, t, __ATOMIC_RELEASE);
	uk_lock_release_irq(&lock, state);
}

void uk_thread_each(bool (*f)(struct uk_thread *t, void *arg), void *arg)
{
	const unsigned long state = uk_plat_irq_save();

	for (struct uk_thread *t = __atomic_load_n(&uk_thread_list, __ATOMIC_ACQUIRE); t; t = t->next)
		if (t->state != UK_THREAD_FREE && !f(t, arg))
			break;
	uk_plat_irq_restore(state);
}

uint64_t uk_thread_cputime(const struct uk_thread *t)
{
	const uint64_t now = uk_arch_cycles();
	uint64_t cycles = t->cycles, total = now - first_cycles, ns = uk_plat_time_ns() - first_ns;

	if (t->on_cpu)
		cycles += now - t->since;
	for (; ns >> 32; ns >>= 1) /* so many digits are enough, and the quotient needs no wider division */
		total >>= 1;
	if (!UK_ENABLED(SCHED_THREAD_CPUTIME) || total == 0)
		return 0;
	return (uint64_t)((unsigned __int128)cycles * ((ns << 32) / total) >> 32);
}

void uk_thread_cputime_init(void)
{
	first_ns = uk_plat_time_ns();
	first_cycles = uk_arch_cycles();
}

/* What a panic wants to know; see <uk/assert.h>. */
void uk_bug_thread(uintptr_t sp, uintptr_t address, struct uk_bug_thread_info *info)
{
	for (const struct uk_thread *t = uk_thread_list; t; t = t->next) {
		const uintptr_t low = (uintptr_t)t->stack, high = low + t->stack_size;
		const bool overflow = t->guarded && address < low && low - address <= UK_PAGE_SIZE;

		if (t->state == UK_THREAD_FREE || (!overflow && (info->name || sp < low || sp >= high)))
			continue;
		*info = (struct uk_bug_thread_info){t->name, t->cpu, low, high, overflow};
		if (overflow)
			return;
	}
}
