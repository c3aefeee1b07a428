/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Several CPUs: each is a thread of the host with a stack for its signals. */

#include <errno.h>

#include <uk/base.h>
#include <uk/param.h>
#include <uk/plat/cpu.h>

#include "interrupt.h"
#include "linux.h"
#include "mman.h"
#include "signal.h"
#include "syscall.h"

#define SIG_SETMASK 2
#define NS_PER_S 1000000000ull

/* CLONE_VM, FS, FILES, SIGHAND, THREAD, SYSVSEM, SETTLS (Linux include/uapi/linux/sched.h). */
#define CLONE_FLAGS (0x100l | 0x200l | 0x400l | 0x800l | 0x10000l | 0x40000l | 0x80000l)

/* What a new CPU begins with. */
struct start {
	struct uk_linux_cpu *cpu;
	void (*entry)(void *arg);
	void *arg;
	struct uk_linux_stack signals;
	uint64_t signal_mask;
	uint32_t runs;
};

long uk_linux_clone(long flags, void *stack, int *parent_tid, int *child_tid, void *tls, struct start *start);
_Noreturn void uk_linux_cpu_main(struct start *start);

static unsigned cpus = 1;

static void futex(uint32_t *word, int operation, uint32_t value, const struct uk_linux_timespec *timeout)
{
	uk_linux_call4(UK_LINUX_FUTEX, (long)word, operation, value, (long)timeout);
}

/* Without the parameter where there is one CPU: nothing of this is in such an image. */
#if UK_SMP
static int set_cpus(const char *value)
{
	const struct uk_param p = {.var = &cpus};
	const int err = uk_param_set_uint(&p, value);

	if (err || cpus == 0)
		return uk_param_reject("give a number from 1 to %u", UK_CPUS);
	if (cpus > UK_CPUS)
		return uk_param_reject("the image is made for %u CPUs; raise CORE_LOCK_CPUS", UK_CPUS);
	return 0;
}
UK_PARAM_FUNC("cpus", set_cpus, "CPUs to use, each a thread of the host, default 1");
#endif

unsigned uk_plat_cpus(void)
{
	return UK_SMP ? cpus : 1;
}

unsigned uk_plat_cpu(void)
{
	unsigned number = 0;

	if (UK_SMP)
		__asm__ volatile("movl %%gs:%c1, %0" : "=r"(number) : "i"(offsetof(struct uk_linux_cpu, number)));
	return number;
}

static void signal_mask(const uint64_t *set, uint64_t *old)
{
	uk_linux_call4(UK_LINUX_SIGPROCMASK, SIG_SETMASK, (long)set, (long)old, sizeof(*set));
}

/* Signals are blocked until %gs and the stack for them are there. *start is gone once it is told that the CPU runs. */
_Noreturn void uk_linux_cpu_main(struct start *start)
{
	void (*entry)(void *arg) = start->entry;
	void *arg = start->arg;
	const uint64_t mask = start->signal_mask;

	uk_linux_gs_set(start->cpu);
	uk_linux_call3(UK_LINUX_SIGALTSTACK, (long)&start->signals, 0, 0);
	uk_linux_tid(start->cpu);
	__atomic_store_n(&start->runs, 1, __ATOMIC_RELEASE);
	futex(&start->runs, UK_LINUX_FUTEX_WAKE, 1, NULL);
	signal_mask(&mask, NULL);
	entry(arg);
	__builtin_trap();
}

static int run(struct start *start, void *stack_top, void *tp)
{
	const uint64_t all = ~0ull;
	const struct uk_linux_timespec limit = {1, 0};
	long tid;

	signal_mask(&all, &start->signal_mask);
	tid = uk_linux_clone(CLONE_FLAGS, stack_top, NULL, NULL, tp, start);
	signal_mask(&start->signal_mask, NULL);
	if (tid < 0)
		return -EIO;
	while (!__atomic_load_n(&start->runs, __ATOMIC_ACQUIRE))
		futex(&start->runs, UK_LINUX_FUTEX_WAIT, 0, &limit);
	return 0;
}

int uk_plat_cpu_start(unsigned cpu, void (*entry)(void *arg), void *arg, void *stack_top, void *tp)
{
	struct uk_linux_cpu *c = &uk_linux_cpus[UK_SMP && cpu < UK_CPUS ? cpu : 0];
	struct start start = {.cpu = c, .entry = entry, .arg = arg, .signals.size = uk_linux_signal_stack_size()};
	long at;
	int err = -EIO;

	if (!UK_SMP || cpu == 0 || cpu >= cpus || c->tid)
		return -EINVAL;
	uk_linux_tid(uk_linux_this_cpu());
	uk_linux_interrupt_init(UK_LINUX_SIGALRM);
	at = uk_linux_call6(UK_LINUX_MMAP, 0, (long)start.signals.size, UK_LINUX_PROT_READ | UK_LINUX_PROT_WRITE,
			    UK_LINUX_MAP_PRIVATE | UK_LINUX_MAP_ANONYMOUS, -1, 0);
	if (at < 0 && at > -4096)
		return -EIO;
	start.signals.base = (void *)at;
	c->number = cpu;
	c->mask = UK_LINUX_MASKED;
	err = run(&start, stack_top, tp);
	if (err)
		uk_linux_call3(UK_LINUX_MUNMAP, at, (long)start.signals.size, 0);
	return err;
}

/* Tell another CPU of an event. Nothing to do if it has been told already and has not looked. */
static void tell(struct uk_linux_cpu *c, uint32_t event)
{
	static int pid;

	if (__atomic_fetch_or(&c->events, event, __ATOMIC_SEQ_CST) & event)
		return;
	if (__atomic_load_n(&c->idle, __ATOMIC_SEQ_CST)) {
		futex(&c->events, UK_LINUX_FUTEX_WAKE, 1, NULL);
		return;
	}
	if (!pid)
		pid = (int)uk_linux_call3(UK_LINUX_GETPID, 0, 0, 0);
	uk_linux_call3(UK_LINUX_TGKILL, pid, c->tid, UK_LINUX_SIGALRM);
}

void uk_linux_cpu_event(unsigned cpu, uint32_t event)
{
	const unsigned long state = uk_plat_irq_save();
	struct uk_linux_cpu *c = &uk_linux_cpus[UK_SMP ? cpu : 0];

	if (c == uk_linux_this_cpu())
		uk_linux_raise(c, event);
	else
		tell(c, event);
	uk_plat_irq_restore(state);
}

void uk_plat_cpu_kick(unsigned cpu)
{
	uk_linux_cpu_event(cpu, UK_LINUX_EVENT_KICK);
}
