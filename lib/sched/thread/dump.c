/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The list of threads on the console. */

#include "internal.h"

#include <uk/arch/frame.h>
#include <uk/arch/regs.h>
#include <uk/arch/switch.h>
#include <uk/print.h>

#define FRAMES 16
#define NS_PER_US 1000

static const char *state_of(const struct uk_thread *t)
{
	if (t->state == UK_THREAD_WAITING)
		return "waiting";
	if (t->state == UK_THREAD_ENDED)
		return "ended";
	return t->on_cpu ? "running" : "ready";
}

/* The bounds of the image's text, from the linker script; absent on the hosted platform. */
extern const char uk_image_text[] UK_WEAK, uk_image_text_end[] UK_WEAK;

/* The callers of the code at r, from the chain of frame pointers if there is one, else by search. */
static size_t callers(const struct uk_thread *t, const struct uk_arch_regs *r, uintptr_t *frames, size_t max)
{
	const uintptr_t sp = uk_arch_regs_sp(r), high = (uintptr_t)t->stack + t->stack_size;
	const size_t n = uk_arch_backtrace(uk_arch_regs_fp(r), sp, high, frames, max);

	if (n > 1 || !uk_image_text_end)
		return n;
	return uk_arch_scan(sp, high, (uintptr_t)uk_image_text, (uintptr_t)uk_image_text_end, frames, max);
}

static void print_backtrace(const struct uk_thread *t)
{
	static uintptr_t frames[FRAMES]; /* not on the stack, where they would be found in a search */
	struct uk_arch_regs r;
	size_t n;

	if (t == uk_thread_self())
		uk_arch_regs_save(&r);
	else if (t->on_cpu || t->state == UK_THREAD_ENDED)
		return; /* its frames change while they are looked at, or are gone */
	else
		uk_arch_switch_regs(t->sp, &r);
	frames[0] = uk_arch_regs_pc(&r);
	n = 1 + callers(t, &r, frames + 1, FRAMES - 1);
	uk_printf("  backtrace:");
	for (size_t i = 0; i < n; i++)
		uk_printf(" 0x%lx", (unsigned long)frames[i]);
	uk_printf("\n");
}

/* Bytes of its stack in use; 0 for one that runs elsewhere. */
static size_t used(const struct uk_thread *t)
{
	const uintptr_t sp = t == uk_thread_self() ? uk_arch_fp() : (uintptr_t)t->sp;

	return (t->on_cpu && t != uk_thread_self()) || !uk_thread_owns(t, sp)
		   ? 0
		   : (uintptr_t)t->stack + t->stack_size - sp;
}

static bool print_thread(struct uk_thread *t, void *arg)
{
	(void)arg;
	uk_printf("%-16s %-8s cpu %u  %lu us in %lu runs, stack %lu of %lu, at most %lu\n", t->name, state_of(t),
		  t->cpu, (unsigned long)(uk_thread_cputime(t) / NS_PER_US), (unsigned long)t->switches,
		  (unsigned long)used(t), (unsigned long)t->stack_size, (unsigned long)uk_thread_stack_peak(t));
	print_backtrace(t);
	return true;
}

void uk_thread_dump(void)
{
	const unsigned long state = uk_print_begin();

	uk_printf("%u threads, scheduler %s, %u of %u CPUs idle\n", uk_thread_count(), POLICY->name,
		  (unsigned)__builtin_popcountl(uk_thread_idle_cpus), uk_thread_cpus_started);
	uk_thread_each(print_thread, NULL);
	uk_print_end(state);
}

/* Interrupt context; the threads of other CPUs go on meanwhile. On a stack of its own, where the interrupted thread
 * cannot be looked into: it prints the list itself then, on the way out. */
void uk_cpu_attention(void)
{
	struct uk_thread_cpu *c = uk_thread_this_cpu();

	if (UK_ENABLED(SCHED_THREAD_PREEMPT) && c->current != c->idle && !uk_thread_owns(c->current, uk_arch_fp()))
		c->dump = true;
	else
		uk_thread_dump();
}
