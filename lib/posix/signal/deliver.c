/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Running handlers, on the thread that the signal is for. */

#include <unistd.h>

#include "internal.h"

/* One call of a handler; the first member is for uk_signal_call_on(). */
struct handling {
	struct uk_signal_call call;
	int number;
	struct sigaction action;
	siginfo_t *info;
	ucontext_t context;
};

int uk_signal_take(uint64_t mask, siginfo_t *info)
{
	struct uk_signal_entry *taken = NULL;
	unsigned long state;
	int number;

	if (!((uk_signal_self.pending.bits | uk_signal_process.bits) & mask))
		return 0;
	state = uk_lock_acquire_irq(&uk_signal_lock);
	number = uk_signal_queue_take(&uk_signal_self.pending, mask, info, &taken);
	if (!number)
		number = uk_signal_queue_take(&uk_signal_process, mask, info, &taken);
	uk_lock_release_irq(&uk_signal_lock, state);
	if (taken)
		taken->taken(taken, info);
	return number;
}

/* The context that the handler is told. */
static void describe(ucontext_t *context, const struct uk_signal_fault *fault)
{
	*context = (ucontext_t){.uc_stack = uk_signal_self.stack, .uc_sigmask = uk_signal_self.blocked};
	if (!fault)
		return;
	context->uc_mcontext.gregs[REG_RIP] = (long)fault->pc;
	context->uc_mcontext.gregs[REG_RSP] = (long)fault->sp;
	context->uc_mcontext.gregs[REG_RBP] = (long)fault->fp;
}

static void run(struct uk_signal_call *call)
{
	struct handling *h = uk_container_of(call, struct handling, call);

	if (h->action.sa_flags & SA_SIGINFO)
		h->action.sa_sigaction(h->number, h->info, &h->context);
	else
		h->action.sa_handler(h->number);
}

/* The action as it is now, and the mask while its handler runs. */
static void enter(struct handling *h)
{
	const unsigned long state = uk_lock_acquire_irq(&uk_signal_lock);
	struct sigaction *action = &uk_signal_actions[h->number];
	uint64_t mask;

	h->action = *action;
	if (action->sa_flags & (int)SA_RESETHAND) {
		action->sa_handler = SIG_DFL;
		action->sa_flags &= ~SA_SIGINFO;
	}
	mask = uk_signal_self.blocked | h->action.sa_mask;
	if (!(h->action.sa_flags & SA_NODEFER))
		mask |= uk_signal_bit(h->number);
	if (h->action.sa_handler != SIG_DFL && h->action.sa_handler != SIG_IGN)
		uk_signal_block(mask);
	uk_lock_release_irq(&uk_signal_lock, state);
}

static void leave(uint64_t mask)
{
	const unsigned long state = uk_lock_acquire_irq(&uk_signal_lock);

	uk_signal_block(mask);
	uk_lock_release_irq(&uk_signal_lock, state);
}

void uk_signal_handle(int number, siginfo_t *info, const struct uk_signal_fault *fault)
{
	struct handling h = {.call = {.run = run}, .number = number, .info = info};
	const uint64_t before = uk_signal_self.blocked;
	const bool broken = uk_signal_self.broken;
	void *top;

	describe(&h.context, fault);
	enter(&h);
	if (h.action.sa_handler == SIG_IGN)
		return;
	if (h.action.sa_handler == SIG_DFL) {
		uk_signal_default(number);
		return;
	}
	top = uk_signal_stack_top(&h.action, uk_arch_fp());
	if (top)
		uk_signal_call_on(top, &h.call);
	else
		run(&h.call);
	/* the handler may have waited itself */
	uk_signal_self.handled = true;
	uk_signal_self.broken = broken || !(h.action.sa_flags & SA_RESTART);
	leave(before);
}

void uk_signal_deliver(void)
{
	siginfo_t info;
	int number;

	while ((number = uk_signal_take(~uk_signal_self.blocked, &info)))
		uk_signal_handle(number, &info, NULL);
}
