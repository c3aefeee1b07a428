/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Signals and several threads. */
#include <errno.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <uk/signal.h>
#include <uk/test.h>
#include <uk/thread.h>

static struct uk_thread *handled_by;
static int handled;
static bool stop, ready;

static void on_signal(int number UK_UNUSED)
{
	__atomic_store_n(&handled_by, uk_thread_self(), __ATOMIC_SEQ_CST);
	__atomic_fetch_add(&handled, 1, __ATOMIC_SEQ_CST);
}

static sigset_t only(int number)
{
	return (sigset_t)1 << (number - 1);
}

static int setup(void)
{
	const struct sigaction action = {.sa_handler = on_signal};

	handled = 0;
	handled_by = NULL;
	stop = ready = false;
	return sigaction(SIGUSR1, &action, NULL);
}

static void teardown(void)
{
	const sigset_t none = 0;

	signal(SIGUSR1, SIG_IGN);
	signal(SIGUSR1, SIG_DFL);
	sigprocmask(SIG_SETMASK, &none, NULL);
}
UK_TEST_FIXTURE(signal_threads, setup, teardown);

static struct uk_thread *begin(void *(*entry)(void *), void *arg)
{
	struct uk_thread *t = NULL;

	UK_REQUIRE(uk_thread_create(&t, NULL, entry, arg) == 0);
	while (!__atomic_load_n(&ready, __ATOMIC_SEQ_CST))
		usleep(100);
	return t;
}

static void begun(uint64_t mask)
{
	uk_signal_thread_start(mask);
	__atomic_store_n(&ready, true, __ATOMIC_SEQ_CST);
}

static void *end(long value)
{
	uk_signal_thread_exit();
	return (void *)value;
}

static long join(struct uk_thread *t)
{
	void *result = NULL;

	UK_CHECK_EQ(uk_thread_join(t, &result, UK_WAIT_FOREVER, false), 0);
	return (long)result;
}

static void *sleeper(void *arg UK_UNUSED)
{
	const struct timespec long_time = {1000, 0};

	begun(0);
	return end(nanosleep(&long_time, NULL) == -1 ? errno : 0);
}

UK_TEST(signal_threads, a_sleeping_thread_is_woken)
{
	struct uk_thread *t = begin(sleeper, NULL);

	usleep(1000);
	UK_CHECK_EQ(uk_signal_thread_kill(t, 0), 0);
	UK_CHECK_EQ(uk_signal_thread_kill(t, NSIG), -EINVAL);
	UK_CHECK_EQ(uk_signal_thread_kill(t, SIGUSR1), 0);
	UK_CHECK_EQ(join(t), EINTR);
	UK_CHECK_PTR(handled_by, t);
	UK_CHECK_EQ(handled, 1);
}

static void *worker(void *arg)
{
	unsigned long n = 0, m = 0;

	begun((uint64_t)(uintptr_t)arg);
	while (!__atomic_load_n(&stop, __ATOMIC_SEQ_CST)) {
		n += 3;
		m += n;
		m -= n - 3;
	}
	return end(n == m);
}

UK_TEST(signal_threads, a_running_thread_is_interrupted)
{
	struct uk_thread *t = begin(worker, NULL);

	for (int i = 1; i <= 20; i++) {
		uk_signal_thread_kill(t, SIGUSR1);
		while (__atomic_load_n(&handled, __ATOMIC_SEQ_CST) < i)
			usleep(100);
	}
	UK_CHECK_PTR(handled_by, t);
	stop = true;
	UK_CHECK_EQ(join(t), 1);
}

UK_TEST(signal_threads, the_process_finds_a_thread_that_takes_it)
{
	const sigset_t set = only(SIGUSR1);
	struct uk_thread *t;

	sigprocmask(SIG_BLOCK, &set, NULL);
	t = begin(worker, NULL);
	UK_CHECK_EQ(kill(getpid(), SIGUSR1), 0);
	while (!__atomic_load_n(&handled, __ATOMIC_SEQ_CST))
		usleep(100);
	UK_CHECK_PTR(handled_by, t);
	stop = true;
	join(t);
}

UK_TEST(signal_threads, what_a_thread_leaves_behind_goes_to_others)
{
	const sigset_t set = only(SIGUSR1);
	sigset_t pending;
	struct uk_thread *t;

	sigprocmask(SIG_BLOCK, &set, NULL);
	t = begin(worker, (void *)~0ul);
	UK_CHECK_EQ(kill(getpid(), SIGUSR1), 0);
	UK_CHECK_EQ(uk_signal_thread_kill(t, SIGUSR1), 0);
	stop = true;
	join(t);
	UK_CHECK_EQ(handled, 0);
	sigpending(&pending);
	UK_CHECK_EQ(pending, set);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	UK_CHECK_EQ(handled, 1);
}

static void *acceptor(void *arg UK_UNUSED)
{
	const sigset_t set = only(SIGUSR1);
	int number = 0;

	begun(set);
	sigwait(&set, &number);
	return end(number);
}

UK_TEST(signal_threads, sigwait_takes_a_signal_of_the_process)
{
	const sigset_t set = only(SIGUSR1);
	struct uk_thread *t;

	sigprocmask(SIG_BLOCK, &set, NULL);
	t = begin(acceptor, NULL);
	usleep(1000);
	kill(getpid(), SIGUSR1);
	UK_CHECK_EQ(join(t), SIGUSR1);
	UK_CHECK_EQ(handled, 0);
}

UK_TEST(signal_threads, a_thread_that_has_not_begun_keeps_its_signals)
{
	struct uk_thread *t;

	ready = true; /* do not wait for it */
	t = begin(acceptor, NULL);
	uk_signal_thread_kill(t, SIGUSR1);
	UK_CHECK_EQ(join(t), SIGUSR1);
	UK_CHECK_EQ(handled, 0);
}

static void *restarter(void *arg)
{
	struct uk_wait_queue *q = arg;
	int err;

	begun(0);
	uk_signal_begin();
	do
		err = uk_wait_interruptible(q, __atomic_load_n(&stop, __ATOMIC_SEQ_CST), UK_WAIT_FOREVER);
	while (err == -EINTR && uk_signal_again(true));
	return end(-err);
}

UK_TEST(signal_threads, restarting_handlers_do_not_end_a_wait)
{
	struct uk_wait_queue q = UK_WAIT_QUEUE_INIT(q);
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
	struct uk_thread *t;

	sigaction(SIGUSR1, &action, NULL);
	t = begin(restarter, &q);
	usleep(1000);
	uk_signal_thread_kill(t, SIGUSR1);
	while (!__atomic_load_n(&handled, __ATOMIC_SEQ_CST))
		usleep(100);
	usleep(1000);
	__atomic_store_n(&stop, true, __ATOMIC_SEQ_CST);
	uk_wait_wake(&q);
	UK_CHECK_EQ(join(t), 0);
	stop = ready = false;
	action.sa_flags = 0;
	sigaction(SIGUSR1, &action, NULL);
	t = begin(restarter, &q);
	usleep(1000);
	uk_signal_thread_kill(t, SIGUSR1);
	UK_CHECK_EQ(join(t), EINTR);
}

static void *suspender(void *arg UK_UNUSED)
{
	const sigset_t none = 0;

	begun(only(SIGUSR1));
	sigsuspend(&none);
	return end((long)uk_signal_mask());
}

UK_TEST(signal_threads, sigsuspend_waits)
{
	struct uk_thread *t = begin(suspender, NULL);

	usleep(1000);
	uk_signal_thread_kill(t, SIGUSR1);
	UK_CHECK_EQ(join(t), (long)only(SIGUSR1));
	UK_CHECK_EQ(handled, 1);
}
