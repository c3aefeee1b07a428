/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Signals of one thread, which work in every image. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <unistd.h>

#include <uk/signal.h>
#include <uk/test.h>

static int log_[64], count;
static siginfo_t last;

static void on_signal(int number)
{
	log_[count++ % 64] = number;
}

static void on_info(int number, siginfo_t *info, void *context UK_UNUSED)
{
	on_signal(number);
	last = *info;
}

static sigset_t only(int number)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, number);
	return set;
}

static int setup(void)
{
	const sigset_t none = 0;

	count = 0;
	return sigprocmask(SIG_SETMASK, &none, NULL);
}

static void teardown(void)
{
	const struct sigaction plain = {.sa_handler = SIG_DFL};
	const sigset_t none = 0;

	for (int n = 1; n < NSIG; n++) {
		const struct sigaction ignore = {.sa_handler = SIG_IGN};

		sigaction(n, &ignore, NULL); /* drops what is pending */
		sigaction(n, &plain, NULL);
	}
	sigprocmask(SIG_SETMASK, &none, NULL);
}
UK_TEST_FIXTURE(signal, setup, teardown);

static void handle(int number, int flags)
{
	struct sigaction action = {.sa_flags = flags};

	if (flags & SA_SIGINFO)
		action.sa_sigaction = on_info;
	else
		action.sa_handler = on_signal;
	UK_CHECK_EQ(sigaction(number, &action, NULL), 0);
}

/* Linux' layout: include/uapi/asm-generic/siginfo.h, asm/signal.h. */
_Static_assert(sizeof(siginfo_t) == 128 && offsetof(siginfo_t, si_value) == 24, "siginfo_t");
_Static_assert(offsetof(siginfo_t, si_addr) == 16 && offsetof(siginfo_t, si_status) == 24, "siginfo_t");
_Static_assert(sizeof(struct sigevent) == 64 && offsetof(struct sigevent, sigev_notify_function) == 16, "sigevent");
_Static_assert(sizeof(struct sigaction) == 32 && offsetof(struct sigaction, sa_mask) == 24, "sigaction");
_Static_assert(sizeof(stack_t) == 24 && offsetof(ucontext_t, uc_mcontext) == 40, "ucontext_t");

UK_TEST(signal, raise_calls_the_handler_before_it_returns)
{
	handle(SIGUSR1, SA_SIGINFO);
	UK_CHECK_EQ(raise(SIGUSR1), 0);
	UK_CHECK_EQ(count, 1);
	UK_CHECK_EQ(last.si_signo, SIGUSR1);
	UK_CHECK_EQ(kill(getpid(), SIGUSR1), 0);
	UK_CHECK_EQ(count, 2);
	UK_CHECK_EQ(last.si_code, SI_USER);
	UK_CHECK_EQ(last.si_pid, getpid());
	UK_CHECK_EQ(killpg(getpid(), SIGUSR1), 0);
	UK_CHECK_EQ(count, 3);
}

UK_TEST(signal, errors)
{
	struct sigaction action = {.sa_handler = on_signal};
	sigset_t set = 0;
	stack_t stack = {&set, 0, 100};

	UK_CHECK(raise(0) == -1 && errno == EINVAL);
	UK_CHECK(raise(NSIG) == -1 && errno == EINVAL);
	UK_CHECK(kill(getpid(), -1) == -1 && errno == EINVAL);
	UK_CHECK(kill(getpid(), 0) == 0);
	UK_CHECK(kill(4711, SIGTERM) == -1 && errno == ESRCH);
	UK_CHECK(kill(-4711, 0) == -1 && errno == ESRCH);
	UK_CHECK(killpg(4711, 0) == -1 && errno == ESRCH);
	UK_CHECK(sigaction(SIGKILL, &action, NULL) == -1 && errno == EINVAL);
	UK_CHECK(sigaction(SIGSTOP, &action, NULL) == -1 && errno == EINVAL);
	UK_CHECK(sigaction(0, &action, NULL) == -1 && errno == EINVAL);
	UK_CHECK(sigaction(SIGKILL, NULL, &action) == 0);
	UK_CHECK(signal(SIGKILL, on_signal) == SIG_ERR && errno == EINVAL);
	UK_CHECK(signal(SIGUSR1, SIG_ERR) == SIG_ERR && errno == EINVAL);
	UK_CHECK(sigaddset(&set, 0) == -1 && errno == EINVAL);
	UK_CHECK(sigdelset(&set, NSIG) == -1 && errno == EINVAL);
	UK_CHECK(sigismember(&set, -1) == -1 && errno == EINVAL);
	UK_CHECK(sigprocmask(17, &set, NULL) == -1 && errno == EINVAL);
	UK_CHECK(sigprocmask(17, NULL, &set) == 0);
	UK_CHECK_EQ(pthread_sigmask(17, &set, NULL), EINVAL);
	UK_CHECK(sigaltstack(&stack, NULL) == -1 && errno == ENOMEM);
	UK_CHECK(sighold(0) == -1 && errno == EINVAL);
	UK_CHECK(sigset(SIGKILL, SIG_IGN) == SIG_ERR && errno == EINVAL);
	UK_CHECK(siginterrupt(0, 1) == -1 && errno == EINVAL);
	UK_CHECK(sigqueue(4711, SIGUSR1, (union sigval){0}) == -1 && errno == ESRCH);
	UK_CHECK(sigqueue(getpid(), 1000, (union sigval){0}) == -1 && errno == EINVAL);
}

UK_TEST(signal, blocked_waits_and_counts_once)
{
	const sigset_t set = only(SIGUSR1);
	sigset_t now;

	handle(SIGUSR1, 0);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGUSR1);
	raise(SIGUSR1);
	UK_CHECK_EQ(count, 0);
	sigpending(&now);
	UK_CHECK_EQ(now, set);
	sigprocmask(SIG_UNBLOCK, &set, &now);
	UK_CHECK_EQ(now, set);
	UK_CHECK_EQ(count, 1);
	sigpending(&now);
	UK_CHECK_EQ(now, 0);
}

UK_TEST(signal, ignoring_drops_what_is_pending)
{
	const sigset_t set = only(SIGUSR1);
	sigset_t now;

	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGUSR1);
	kill(getpid(), SIGUSR1);
	signal(SIGUSR1, SIG_IGN);
	sigpending(&now);
	UK_CHECK_EQ(now, 0);
	handle(SIGUSR1, 0);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	UK_CHECK_EQ(count, 0);
}

UK_TEST(signal, harmless_defaults_do_nothing)
{
	UK_CHECK_EQ(raise(SIGCHLD), 0);
	UK_CHECK_EQ(raise(SIGCONT), 0);
	UK_CHECK_EQ(raise(SIGURG), 0);
	UK_CHECK_EQ(raise(SIGTSTP), 0);
}

UK_TEST(signal, realtime_signals_queue_in_order_with_values)
{
	const sigset_t set = only(SIGRTMIN) | only(SIGRTMIN + 1);

	handle(SIGRTMIN, SA_SIGINFO);
	handle(SIGRTMIN + 1, SA_SIGINFO);
	sigprocmask(SIG_BLOCK, &set, NULL);
	for (int i = 0; i < 3; i++) {
		UK_CHECK_EQ(sigqueue(getpid(), SIGRTMIN + 1, (union sigval){.sival_int = i}), 0);
		UK_CHECK_EQ(sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 10 + i}), 0);
	}
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	UK_CHECK_EQ(count, 6);
	UK_CHECK(log_[0] == SIGRTMIN && log_[2] == SIGRTMIN && log_[3] == SIGRTMIN + 1);
	UK_CHECK_EQ(last.si_value.sival_int, 2);
	UK_CHECK_EQ(last.si_code, SI_QUEUE);
}

UK_TEST(signal, the_queue_is_bounded)
{
	const sigset_t set = only(SIGRTMAX);
	long sent = 0, limit = sysconf(_SC_SIGQUEUE_MAX);
	siginfo_t info;

	sigprocmask(SIG_BLOCK, &set, NULL);
	while (sent <= limit && sigqueue(getpid(), SIGRTMAX, (union sigval){.sival_int = (int)sent}) == 0)
		sent++;
	UK_CHECK_EQ(sent, limit);
	UK_CHECK_EQ(errno, EAGAIN);
	for (long i = 0; i < sent; i++) {
		UK_CHECK_EQ(sigwaitinfo(&set, &info), SIGRTMAX);
		UK_CHECK_EQ(info.si_value.sival_int, i);
	}
	UK_CHECK_EQ(sigqueue(getpid(), SIGRTMAX, (union sigval){0}), 0);
}

static int depth, deepest;

static void again(int number)
{
	if (++depth > deepest)
		deepest = depth;
	if (count++ < 3)
		raise(number);
	depth--;
}

UK_TEST(signal, a_handler_is_not_entered_twice_unless_it_wants)
{
	struct sigaction action = {.sa_handler = again};

	deepest = 0;
	sigaction(SIGUSR2, &action, NULL);
	raise(SIGUSR2);
	UK_CHECK_EQ(count, 4);
	UK_CHECK_EQ(deepest, 1);
	action.sa_flags = SA_NODEFER;
	sigaction(SIGUSR2, &action, NULL);
	count = 0;
	raise(SIGUSR2);
	UK_CHECK_EQ(deepest, 4);
}

UK_TEST(signal, resethand_works_once)
{
	struct sigaction now;

	handle(SIGUSR1, SA_SIGINFO | (int)SA_RESETHAND);
	raise(SIGUSR1);
	UK_CHECK_EQ(count, 1);
	sigaction(SIGUSR1, NULL, &now);
	UK_CHECK(now.sa_handler == SIG_DFL && !(now.sa_flags & SA_SIGINFO));
}

static sigset_t seen_mask;

static void look(int number UK_UNUSED)
{
	sigprocmask(SIG_BLOCK, NULL, &seen_mask);
	count++;
}

UK_TEST(signal, the_mask_of_a_handler)
{
	struct sigaction action = {.sa_handler = look};
	sigset_t now;

	action.sa_mask = only(SIGUSR2) | only(SIGKILL);
	sigaction(SIGUSR1, &action, NULL);
	raise(SIGUSR1);
	UK_CHECK_EQ(seen_mask, only(SIGUSR1) | only(SIGUSR2));
	sigprocmask(SIG_BLOCK, NULL, &now);
	UK_CHECK_EQ(now, 0);
}

UK_TEST(signal, sigwait_accepts_what_is_pending)
{
	const sigset_t set = only(SIGUSR1) | only(SIGCHLD);
	const struct timespec none = {0, 0}, wrong = {0, 1000000000}, soon = {0, 2000000};
	siginfo_t info;
	int number = 0;

	sigprocmask(SIG_BLOCK, &set, NULL);
	UK_CHECK(sigtimedwait(&set, &info, &none) == -1 && errno == EAGAIN);
	UK_CHECK(sigtimedwait(&set, &info, &soon) == -1 && errno == EAGAIN);
	UK_CHECK(sigtimedwait(&set, &info, &wrong) == -1 && errno == EINVAL);
	raise(SIGCHLD); /* ignored by default, but blocked */
	kill(getpid(), SIGUSR1);
	UK_CHECK_EQ(sigwait(&set, &number), 0);
	UK_CHECK_EQ(number, SIGCHLD);
	UK_CHECK_EQ(sigwaitinfo(&set, &info), SIGUSR1);
	UK_CHECK_EQ(info.si_code, SI_USER);
	UK_CHECK_EQ(sigtimedwait(&set, NULL, &none), -1);
}

UK_TEST(signal, sigsuspend_takes_what_it_unblocks)
{
	const sigset_t set = only(SIGUSR1), none = 0;
	sigset_t now;

	handle(SIGUSR1, 0);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGUSR1);
	UK_CHECK(sigsuspend(&none) == -1 && errno == EINTR);
	UK_CHECK_EQ(count, 1);
	sigprocmask(SIG_BLOCK, NULL, &now);
	UK_CHECK_EQ(now, set);
	raise(SIGUSR1);
	UK_CHECK(sigpause(SIGUSR1) == -1 && errno == EINTR);
	UK_CHECK_EQ(count, 2);
}

UK_TEST(signal, pselect_takes_what_it_unblocks)
{
	const sigset_t set = only(SIGUSR1), none = 0;
	const struct timespec long_time = {100, 0}, no_time = {0, 0};
	sigset_t now;

	handle(SIGUSR1, SA_RESTART);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGUSR1);
	UK_CHECK_EQ(pselect(0, NULL, NULL, NULL, &no_time, &set), 0);
	UK_CHECK_EQ(count, 0);
	UK_CHECK(pselect(0, NULL, NULL, NULL, &long_time, &none) == -1 && errno == EINTR);
	UK_CHECK_EQ(count, 1);
	sigprocmask(SIG_BLOCK, NULL, &now);
	UK_CHECK_EQ(now, set);
}

static sigjmp_buf place;

static void jump(int number)
{
	siglongjmp(place, number);
}

UK_TEST(signal, a_jump_out_of_a_handler_puts_the_mask_back)
{
	struct sigaction action = {.sa_handler = jump};
	sigset_t now;
	int came;

	action.sa_mask = only(SIGUSR2);
	sigaction(SIGUSR1, &action, NULL);
	came = sigsetjmp(place, 1);
	if (came == 0)
		raise(SIGUSR1);
	UK_CHECK_EQ(came, SIGUSR1);
	sigprocmask(SIG_BLOCK, NULL, &now);
	UK_CHECK_EQ(now, 0);
	came = sigsetjmp(place, 0);
	if (came == 0)
		raise(SIGUSR1);
	sigprocmask(SIG_BLOCK, NULL, &now);
	UK_CHECK_EQ(now, only(SIGUSR1) | only(SIGUSR2));
}

static char *handler_stack;
static stack_t told;

static void where(int number UK_UNUSED)
{
	char here;

	handler_stack = (char *)(uintptr_t)&here;
	sigaltstack(NULL, &told);
	if (told.ss_flags == SS_ONSTACK)
		UK_CHECK(sigaltstack(&told, NULL) == -1 && errno == EPERM);
	count++;
}

UK_TEST(signal, an_alternate_stack_is_used_where_wanted)
{
	struct sigaction action = {.sa_handler = where, .sa_flags = SA_ONSTACK};
	char *memory = malloc(16384);
	stack_t stack = {memory, 0, 16384}, now;

	UK_REQUIRE(memory);
	UK_CHECK_EQ(sigaltstack(NULL, &now), 0);
	UK_CHECK_EQ(now.ss_flags, SS_DISABLE);
	UK_CHECK_EQ(sigaltstack(&stack, NULL), 0);
	sigaction(SIGUSR1, &action, NULL);
	raise(SIGUSR1);
	UK_CHECK_EQ(count, 1);
	UK_CHECK(handler_stack >= memory && handler_stack < memory + 16384);
	UK_CHECK_EQ(told.ss_flags, SS_ONSTACK);
	sigaltstack(NULL, &now);
	UK_CHECK_EQ(now.ss_flags, 0);
	stack.ss_flags = SS_DISABLE;
	UK_CHECK_EQ(sigaltstack(&stack, NULL), 0);
	raise(SIGUSR1);
	UK_CHECK(handler_stack < memory || handler_stack >= memory + 16384);
	free(memory);
}

UK_TEST(signal, the_older_functions)
{
	sigset_t now;

	UK_CHECK(sigset(SIGUSR1, on_signal) == SIG_DFL);
	UK_CHECK_EQ(sighold(SIGUSR1), 0);
	raise(SIGUSR1);
	UK_CHECK_EQ(count, 0);
	UK_CHECK_EQ(sigrelse(SIGUSR1), 0);
	UK_CHECK_EQ(count, 1);
	UK_CHECK(sigset(SIGUSR1, SIG_HOLD) == on_signal);
	UK_CHECK(sigset(SIGUSR1, SIG_IGN) == SIG_HOLD);
	sigprocmask(SIG_BLOCK, NULL, &now);
	UK_CHECK_EQ(now, 0);
	UK_CHECK_EQ(sigignore(SIGUSR2), 0);
	UK_CHECK_EQ(raise(SIGUSR2), 0);
}

static void step_over(int number UK_UNUSED, siginfo_t *info, void *context)
{
	const ucontext_t *c = context;

	last = *info;
	count++;
	UK_CHECK(c->uc_mcontext.gregs[REG_RIP] != 0);
	siglongjmp(place, 1);
}

/* Reads an address that has no memory. */
static void fault(void)
{
	volatile uintptr_t address = 0x10;

	*(volatile int *)address;
}

UK_TEST(signal, a_fault_reaches_its_handler)
{
	struct sigaction action = {.sa_sigaction = step_over, .sa_flags = SA_SIGINFO};

	sigaction(SIGSEGV, &action, NULL);
	for (int i = 0; i < 3; i++)
		if (sigsetjmp(place, 1) == 0)
			fault();
	UK_CHECK_EQ(count, 3);
	UK_CHECK_EQ(last.si_code, SEGV_MAPERR);
	UK_CHECK_PTR(last.si_addr, 0x10);
	sigaction(SIGILL, &action, NULL);
	if (sigsetjmp(place, 1) == 0)
		__builtin_trap();
	UK_CHECK_EQ(last.si_signo, SIGILL);
}

static volatile int divisor, dividend = 5;

static void mend(int number UK_UNUSED)
{
	char here;

	handler_stack = (char *)(uintptr_t)&here;
	count++;
	divisor = 1;
}

/* The division is tried again, so its operands must be in memory, and other registers must live across it. */
static __attribute__((noinline)) int divide(int a, int b)
{
	int rest = a * 3 + b, result;

	__asm__ volatile("xorl %%edx, %%edx\n\tmovl %1, %%eax\n\tidivl %2"
			 : "=&a"(result)
			 : "m"(dividend), "m"(divisor)
			 : "rdx", "cc");
	return result + rest;
}

UK_TEST(signal, a_fault_is_tried_again_after_its_handler)
{
	struct sigaction action = {.sa_handler = mend};
	char *memory = malloc(32768);
	stack_t stack = {memory, 0, 32768}, off = {NULL, SS_DISABLE, 0};

	UK_REQUIRE(memory);
	sigaction(SIGFPE, &action, NULL);
	divisor = 0;
	UK_CHECK_EQ(divide(2, 1), 12);
	UK_CHECK_EQ(count, 1);
	action.sa_flags = SA_ONSTACK;
	sigaction(SIGFPE, &action, NULL);
	sigaltstack(&stack, NULL);
	divisor = 0;
	UK_CHECK_EQ(divide(3, 1), 15);
	UK_CHECK_EQ(count, 2);
	UK_CHECK(handler_stack >= memory && handler_stack < memory + 32768);
	divisor = 0;
	UK_CHECK_EQ(divide(3, 1), 15);
	UK_CHECK_EQ(count, 3);
	sigaltstack(&off, NULL);
	free(memory);
}

UK_TEST_CRASH(signal, a_blocked_fault_is_a_panic, "page fault")
{
	const sigset_t set = only(SIGSEGV);

	handle(SIGSEGV, 0);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fault();
}

UK_TEST_CRASH(signal, abort_is_a_panic_after_its_handler, "aborted")
{
	const sigset_t set = only(SIGABRT);

	handle(SIGABRT, 0);
	sigprocmask(SIG_BLOCK, &set, NULL);
	abort();
}

UK_TEST(signal, texts)
{
	UK_CHECK_STR(strsignal(SIGSEGV), "Segmentation fault");
	UK_CHECK_STR(strsignal(SIGTERM), "Terminated");
}
