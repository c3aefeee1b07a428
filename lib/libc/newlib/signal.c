/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Signals in a system of one process: those that the program raises itself reach its handlers; none comes from outside.
 * State belongs to the program as a whole. */

#include <reent.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include <uk/assert.h>
#include <uk/base.h>

#include "result.h"

static struct sigaction actions[NSIG];
static sigset_t blocked, pending;

static sigset_t bit(int signal)
{
	return (sigset_t)1 << (signal - 1);
}

static bool is_signal(int signal)
{
	return signal > 0 && signal < NSIG;
}

static bool ignored_by_default(int signal)
{
	return signal == SIGCHLD || signal == SIGURG || signal == SIGWINCH || signal == SIGCONT;
}

static void default_action(int signal)
{
	if (ignored_by_default(signal))
		return;
	if (signal == SIGABRT)
		UK_BUG("aborted");
	_exit(128 + signal);
}

static void deliver(int signal)
{
	struct sigaction action = actions[signal];
	siginfo_t info = {.si_signo = signal, .si_code = SI_USER};
	sigset_t before = blocked;

	if (action.sa_handler == SIG_IGN)
		return;
	if (action.sa_handler == SIG_DFL) {
		default_action(signal);
		return;
	}
	if (action.sa_flags & SA_RESETHAND)
		actions[signal].sa_handler = SIG_DFL;
	blocked |= action.sa_mask | (action.sa_flags & SA_NODEFER ? 0 : bit(signal));
	if (action.sa_flags & SA_SIGINFO)
		action.sa_sigaction(signal, &info, NULL);
	else
		action.sa_handler(signal);
	blocked = before;
}

static void deliver_pending(void)
{
	sigset_t ready;

	while ((ready = pending & ~blocked)) {
		int signal = __builtin_ctzl(ready) + 1;

		pending &= ~bit(signal);
		deliver(signal);
	}
}

int raise(int signal)
{
	if (!is_signal(signal))
		return (int)uk_newlib_result(-EINVAL);
	if (signal == SIGKILL || signal == SIGSTOP) {
		default_action(signal);
		return 0;
	}
	pending |= bit(signal);
	deliver_pending();
	return 0;
}

int kill(pid_t pid, int signal)
{
	if (pid > 0 && pid != getpid())
		return (int)uk_newlib_result(-ESRCH);
	return signal ? raise(signal) : 0;
}

int _raise_r(struct _reent *r UK_UNUSED, int signal)
{
	return raise(signal);
}

int sigaction(int signal, const struct sigaction *restrict action, struct sigaction *restrict old)
{
	if (!is_signal(signal) || (action && (signal == SIGKILL || signal == SIGSTOP)))
		return (int)uk_newlib_result(-EINVAL);
	if (old)
		*old = actions[signal];
	if (action)
		actions[signal] = *action;
	return 0;
}

_sig_func_ptr signal(int number, _sig_func_ptr handler)
{
	struct sigaction action = {.sa_flags = SA_RESTART}, old;

	action.sa_handler = handler;
	return sigaction(number, &action, &old) ? SIG_ERR : old.sa_handler;
}

_sig_func_ptr _signal_r(struct _reent *r UK_UNUSED, int number, _sig_func_ptr handler)
{
	return signal(number, handler);
}

int sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
	if (old)
		*old = blocked;
	if (!set)
		return 0;
	if (how == SIG_BLOCK)
		blocked |= *set;
	else if (how == SIG_UNBLOCK)
		blocked &= ~*set;
	else if (how == SIG_SETMASK)
		blocked = *set;
	else
		return (int)uk_newlib_result(-EINVAL);
	deliver_pending();
	return 0;
}

int sigpending(sigset_t *set)
{
	*set = pending;
	return 0;
}

int sigemptyset(sigset_t *set)
{
	*set = 0;
	return 0;
}

int sigfillset(sigset_t *set)
{
	*set = ~(sigset_t)0;
	return 0;
}

int sigaddset(sigset_t *set, int signal)
{
	if (!is_signal(signal))
		return (int)uk_newlib_result(-EINVAL);
	*set |= bit(signal);
	return 0;
}

int sigdelset(sigset_t *set, int signal)
{
	if (!is_signal(signal))
		return (int)uk_newlib_result(-EINVAL);
	*set &= ~bit(signal);
	return 0;
}

int sigismember(const sigset_t *set, int signal)
{
	if (!is_signal(signal))
		return (int)uk_newlib_result(-EINVAL);
	return (*set & bit(signal)) != 0;
}

_Noreturn void abort(void)
{
	blocked &= ~bit(SIGABRT);
	raise(SIGABRT);
	actions[SIGABRT].sa_handler = SIG_DFL; /* its handler returned: C11 7.22.4.1 wants the end all the same */
	default_action(SIGABRT);
	__builtin_unreachable();
}
