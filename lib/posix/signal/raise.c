/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What every image with this C library has: raise() and abort(), which do what the signal does by default as long as
 * nobody has changed an action or a mask. */

#include <reent.h>
#include <stdlib.h>
#include <unistd.h>

#include <uk/assert.h>
#include <uk/log.h>
#include <uk/plat/cpu.h>

#include "internal.h"

const struct uk_signal_engine *uk_signal_engine;
_Thread_local struct uk_signal_thread uk_signal_self;

UK_WEAK void uk_signal_interrupted(void)
{
}

void uk_signal_begin(void)
{
	uk_signal_self.handled = uk_signal_self.broken = false;
}

bool uk_signal_again(bool restart)
{
	uk_signal_interrupted();
	if (uk_signal_engine)
		uk_signal_engine->deliver();
	return !(restart ? uk_signal_self.broken : uk_signal_self.handled);
}

uint64_t uk_signal_mask(void)
{
	return uk_signal_self.blocked;
}

/* The default of the fault is a panic, as in a system without signals. */
_Bool uk_cpu_fault(struct uk_arch_regs *r, enum uk_cpu_fault fault, uintptr_t address)
{
	return uk_signal_engine && uk_signal_engine->fault(r, fault, address);
}

#define IGNORED (uk_signal_bit(SIGCHLD) | uk_signal_bit(SIGURG) | uk_signal_bit(SIGWINCH) | uk_signal_bit(SIGCONT))
#define STOPPING (uk_signal_bit(SIGSTOP) | uk_signal_bit(SIGTSTP) | uk_signal_bit(SIGTTIN) | uk_signal_bit(SIGTTOU))

bool uk_signal_default_ignored(int number)
{
	return IGNORED & uk_signal_bit(number);
}

void uk_signal_default(int number)
{
	static bool told;

	if (uk_signal_default_ignored(number))
		return;
	if (STOPPING & uk_signal_bit(number)) {
		if (!told)
			uk_warn("stopping the process is not supported: signal %d does nothing", number);
		told = true;
		return;
	}
	if (number == SIGABRT)
		UK_BUG("aborted");
	_exit(128 + number);
}

int raise(int number)
{
	if (!uk_signal_valid(number))
		return uk_signal_result(-EINVAL);
	if (uk_signal_engine)
		return uk_signal_engine->raise(number, false);
	uk_signal_default(number);
	return 0;
}

int _raise_r(struct _reent *r UK_UNUSED, int number)
{
	return raise(number);
}

/* A handler of SIGABRT may return; the end comes all the same (C11 7.22.4.1). */
_Noreturn void abort(void)
{
	if (uk_signal_engine)
		uk_signal_engine->raise(SIGABRT, true);
	UK_BUG("aborted");
}
