/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Interrupts are signals of the host, on the CPU's alternate stack. With the mask set, a handler only notes that
 * something is pending, and whoever clears the mask does it. With the mask clear it is done in the handler, and if
 * another thread is to run then, the interrupted code is sent, mask set, to uk_linux_service() on its own stack first.
 * Signals are never handled within each other: the kernel blocks all of them for the time of a handler. */

#include <uk/arch/switch.h>
#include <uk/plat/cpu.h>

#include "interrupt.h"
#include "lines.h"
#include "signal.h"
#include "syscall.h"

#define RED_ZONE 128 /* as resume.S takes it away */

UK_WEAK_REF void uk_cpu_kicked(void);
UK_WEAK_REF void uk_cpu_attention(void);
UK_WEAK_REF _Bool uk_cpu_preempt_wanted(void);
UK_WEAK_REF void uk_cpu_preempt(void);

static void handle_events(struct uk_linux_cpu *c, uint32_t events)
{
	if (events & UK_LINUX_EVENT_TIMER)
		uk_linux_timer_fired(c);
	if (events & UK_LINUX_EVENT_LOOK)
		uk_linux_look(c);
	if (events & UK_LINUX_EVENT_KICK && uk_cpu_kicked)
		uk_cpu_kicked();
	if (events & UK_LINUX_EVENT_ATTENTION && uk_cpu_attention)
		uk_cpu_attention();
}

/* Interrupt context. What arrives meanwhile sets `pending` again. */
static void handle_pending(struct uk_linux_cpu *c)
{
	while (c->pending) {
		*(volatile unsigned long *)&c->pending = 0;
		handle_events(c, __atomic_exchange_n(&c->events, 0, __ATOMIC_ACQ_REL));
	}
}

static bool preempt_wanted(void)
{
	return uk_cpu_preempt && uk_cpu_preempt_wanted && uk_cpu_preempt_wanted();
}

/* The CPU may be another one each time that uk_cpu_preempt() has returned. */
void uk_linux_service(void)
{
	do {
		handle_pending(uk_linux_this_cpu());
		if (preempt_wanted())
			uk_cpu_preempt();
	} while (uk_linux_pending());
}

void uk_linux_deliver(unsigned long state)
{
	if (state) {
		handle_pending(uk_linux_this_cpu());
		return;
	}
	do {
		uk_linux_mask_set(UK_LINUX_MASKED);
		uk_linux_service();
		uk_linux_mask_set(0);
	} while (uk_linux_pending());
}

void uk_linux_raise(struct uk_linux_cpu *c, uint32_t event)
{
	__atomic_fetch_or(&c->events, event, __ATOMIC_SEQ_CST);
	c->pending = (unsigned long)uk_linux_deliver;
	c->timeout = (struct uk_linux_timespec){0, 0}; /* if it is about to sleep, it does not */
}

/* Whether the code is between clearing the mask and going on in interrupted code: then it begins once more. */
static bool is_resuming(struct uk_linux_context *u)
{
	const uintptr_t pc = u->rip;

	if (pc == (uintptr_t)uk_linux_resume_again ||
	    (pc >= (uintptr_t)uk_linux_resume_check && pc < (uintptr_t)uk_linux_resume_leave)) {
		u->rip = (uintptr_t)uk_linux_resume_check;
		return true;
	}
	if (pc != (uintptr_t)uk_linux_resume_leave && pc != (uintptr_t)uk_linux_resume_return)
		return false;
	if (pc == (uintptr_t)uk_linux_resume_return) {
		u->rsp -= sizeof(uint64_t);
		*(uint64_t *)u->rsp = u->rbp;
		u->rbp = u->rsp;
	}
	u->rip = (uintptr_t)uk_linux_resume;
	return true;
}

/* Send the interrupted code to uk_linux_service() first. A frame of its own shows where it was to whoever follows the
 * frames from there. */
static void divert(struct uk_linux_context *u)
{
	struct uk_arch_regs r;
	uint64_t *sp = (uint64_t *)(u->rsp - RED_ZONE);

	*--sp = u->rip;
	*--sp = u->rbp;
	u->rbp = u->rsp = (uintptr_t)sp;
	u->rip = (uintptr_t)uk_linux_resume;
	uk_linux_regs_copy(&r, u, false);
	uk_arch_regs_divert(&r, uk_linux_service);
	uk_linux_regs_copy(&r, u, true);
}

static void on_signal(int signal, const struct uk_linux_siginfo *info, struct uk_linux_context *u)
{
	struct uk_linux_cpu *c = uk_linux_this_cpu();
	uint32_t event = 0; /* a kick has been noted by who sent it */

	if (signal == UK_LINUX_SIGQUIT)
		event = UK_LINUX_EVENT_ATTENTION;
	else if (info->code == UK_LINUX_SI_TIMER) {
		event = UK_LINUX_EVENT_TIMER;
		c->armed = 0;
	}
	uk_linux_raise(c, event);
	c->signals++;
	c->empty += c->events == 0;
	if (uk_linux_mask() || is_resuming(u))
		return;
	uk_linux_mask_set(UK_LINUX_MASKED);
	handle_pending(c);
	if (preempt_wanted())
		divert(u);
	else
		uk_linux_mask_set(0);
}

static void look(void)
{
	uk_linux_cpu_event(0, UK_LINUX_EVENT_LOOK);
}

void uk_linux_interrupt_init(int signal)
{
	uk_linux_lines_look = look;
	uk_linux_lines_look_soon = uk_linux_look_soon;
	if (!UK_SMP)
		uk_linux_gs_set(uk_linux_cpus);
	uk_linux_signal_set(signal, (unsigned long)on_signal, UK_LINUX_SA_FLAGS | UK_LINUX_SA_RESTART);
}

int uk_linux_tid(struct uk_linux_cpu *c)
{
	if (!c->tid)
		c->tid = (int)uk_linux_call3(UK_LINUX_GETTID, 0, 0, 0);
	return c->tid;
}
