/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Start: the policy, the boot thread as a thread, an idle thread for each CPU, the other CPUs. */

#include "internal.h"

#include <errno.h>
#include <string.h>

#include <uk/arch/cpu.h>
#include <uk/arch/tls.h>
#include <uk/log.h>
#include <uk/param.h>
#include <uk/print.h>

#define IDLE_STACK 8192

UK_SET_DECLARE(sched, struct uk_sched_provider);

static struct uk_thread boot; /* all zero is good enough before its time */

_Thread_local struct uk_thread *uk_thread_current = &boot;
const struct uk_sched_ops *uk_thread_policy;

static const struct uk_sched_ops *picked; /* by sched= */

const struct uk_sched_ops *uk_sched_find(const char *name)
{
	UK_SET_EACH (sched, struct uk_sched_provider, it)
		if (!strcmp(it->ops->name, name))
			return it->ops;
	return NULL;
}

const struct uk_sched_ops *uk_sched_current(void)
{
	return uk_thread_policy;
}

#ifndef UK_BIND_SCHED /* with one policy there is nothing to choose */
static int set_sched(const char *name)
{
	char known[80] = "", *end = known;

	picked = uk_sched_find(name);
	if (picked)
		return 0;
	UK_SET_EACH (sched, struct uk_sched_provider, it) {
		const size_t n = strlen(it->ops->name);

		if (n + 2 > (size_t)(known + sizeof(known) - end))
			break;
		*end++ = ' ';
		memcpy(end, it->ops->name, n + 1);
		end += n;
	}
	return uk_param_reject("unknown scheduler %s; built in:%s", name, known);
}
UK_PARAM_FUNC("sched", set_sched, "the scheduling policy");
#endif

static const struct uk_sched_ops *default_policy(void)
{
	const struct uk_sched_ops *ops = picked;

	UK_SET_EACH (sched, struct uk_sched_provider, it)
		if (!picked && (!ops || it->chosen))
			ops = it->ops;
	return ops;
}

/* Interrupts stay masked in here but for uk_plat_idle(), so nothing preempts it, and what makes a thread ready comes as
 * an interrupt that ends it. The CPU says that it idles before it looks for work: who has some then either sees that,
 * or has it in a queue already. */
static _Noreturn void idle(void)
{
	struct uk_thread_cpu *c = uk_thread_this_cpu();

	for (;;) {
		const uint64_t next = uk_thread_run_timers(c);

		uk_thread_set_idle(c, true);
		if (__atomic_load_n(&c->ready, __ATOMIC_SEQ_CST) || uk_thread_steal(c)) {
			uk_thread_set_idle(c, false);
			uk_thread_arm(c);
			uk_thread_schedule(UK_SCHED_PREEMPT);
			continue;
		}
		uk_plat_idle(next);
		uk_thread_set_idle(c, false);
		c->armed = UINT64_MAX; /* forgotten meanwhile, maybe */
	}
}

static void idle_begin(void)
{
	uk_thread_finish_switch();
	idle();
}

/* The first code on a CPU that was started: it is on its idle thread's stack. */
static void cpu_main(void *arg)
{
	struct uk_thread_cpu *c = arg;

	uk_thread_current = c->idle;
	c->idle->since = uk_arch_cycles();
	idle();
}

static int cpu_init(struct uk_thread_cpu *c)
{
	struct uk_thread_attr attr = {.name = "idle", .stack_size = IDLE_STACK};
	struct uk_thread *t;

	c->armed = UINT64_MAX;
	c->queue = uk_thread_memory(POLICY->queue_size);
	t = uk_thread_take(&attr);
	if (!c->queue || !t)
		return -ENOMEM;
	POLICY->init(c->queue);
	uk_thread_prepare(t, &attr, idle_begin);
	t->state = UK_THREAD_READY;
	t->cpu = (uint16_t)uk_thread_cpu_number(c);
	t->affinity = (uint64_t)1 << t->cpu;
	c->idle = t;
	return 0;
}

static int start_cpu(unsigned cpu)
{
	struct uk_thread_cpu *c = &uk_thread_cpus[cpu];
	int err = cpu_init(c);

	if (err)
		return err;
	c->current = c->idle;
	c->idle->on_cpu = true;
	uk_thread_cpus_started = cpu + 1;
	err = uk_plat_cpu_start(
	    cpu, cpu_main, c, (void *)UK_ALIGN_DOWN((uintptr_t)c->idle->stack + c->idle->stack_size, 16), c->idle->tp);
	if (err) {
		uk_thread_cpus_started = cpu;
		uk_warn("CPU %u does not start (%d): going on with those before it", cpu, err);
	}
	return err;
}

static void adopt_boot_thread(void)
{
	uintptr_t low, high;

	uk_plat_boot_stack(&low, &high);
	boot.on_cpu = boot.boot = true;
	boot.affinity = UINT64_MAX;
	boot.canary = &uk_thread_canary;
	uk_list_init(&boot.waiting);
	uk_wait_init(&boot.ended);
	uk_thread_name_set(&boot, "main");
	boot.stack = (char *)low;
	boot.stack_size = high - low;
	boot.tp = uk_arch_tls_self();
	boot.since = uk_arch_cycles();
	uk_thread_list_add(&boot);
	uk_thread_cpus[0].current = &boot;
}

int uk_thread_init(void)
{
	int err;

	uk_thread_policy = default_policy();
	if (!uk_thread_policy)
		return -ENOENT;
	adopt_boot_thread();
	err = cpu_init(&uk_thread_cpus[0]);
	if (err)
		return err;
	uk_thread_cpus[0].charged = uk_thread_now();
	for (unsigned cpu = 1; UK_SMP && cpu < uk_plat_cpus(); cpu++)
		if (start_cpu(cpu))
			break;
	if (UK_ENABLED(SCHED_THREAD_CPUTIME))
		uk_thread_cputime_init();
	if (UK_ENABLED(SCHED_THREAD_DUMP))
		uk_plat_attention();
	uk_plat_irq_enable();
	return 0;
}
