/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Clocks, sleeping and, where there are threads, timers. */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

#include <uk/plat/time.h>
#include <uk/test.h>
#include <uk/wait.h>

#define MS 1000000ll

static struct timespec ms(long n)
{
	return (struct timespec){n / 1000, n % 1000 * MS};
}

static long long ns_of(struct timespec t)
{
	return t.tv_sec * 1000000000ll + t.tv_nsec;
}

static long long now(clockid_t clock)
{
	struct timespec t = {0, 0};

	UK_CHECK_EQ(clock_gettime(clock, &t), 0);
	return ns_of(t);
}

/* Whether the image has timers: without sched/thread it says so. */
static bool with_timers(void)
{
	timer_t id;

	if (timer_create(CLOCK_MONOTONIC, NULL, &id) == 0)
		return timer_delete(id) == 0;
	UK_CHECK_EQ(errno, ENOSYS);
	return false;
}

UK_TEST(time, clocks)
{
	static const clockid_t clocks[] = {CLOCK_REALTIME,           CLOCK_MONOTONIC,         CLOCK_MONOTONIC_RAW,
					   CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID, CLOCK_BOOTTIME};
	struct timespec t;

	for (size_t i = 0; i < UK_ARRAY_SIZE(clocks); i++) {
		const long long first = now(clocks[i]);

		UK_CHECK(now(clocks[i]) >= first);
		UK_CHECK_EQ(clock_getres(clocks[i], &t), 0);
		UK_CHECK(t.tv_sec == 0 && t.tv_nsec == 1);
		UK_CHECK_EQ(clock_getres(clocks[i], NULL), 0);
	}
	UK_CHECK(clock_gettime(99, &t) == -1 && errno == EINVAL);
	UK_CHECK(clock_gettime(-5, &t) == -1 && errno == EINVAL);
	UK_CHECK(clock_getres(99, &t) == -1 && errno == EINVAL);
}

UK_TEST(time, only_the_wall_clock_can_be_set)
{
	const long long before = now(CLOCK_REALTIME), mono = now(CLOCK_MONOTONIC);
	struct timespec t = {1000000000, 5}, back;
	struct timeval tv;

	UK_CHECK_EQ(clock_settime(CLOCK_REALTIME, &t), 0);
	UK_CHECK(now(CLOCK_REALTIME) - ns_of(t) < 60000 * MS && now(CLOCK_REALTIME) >= ns_of(t));
	UK_CHECK(now(CLOCK_MONOTONIC) >= mono && now(CLOCK_MONOTONIC) - mono < 60000 * MS);
	UK_CHECK(time(NULL) >= 1000000000 && time(NULL) < 1000000060);
	gettimeofday(&tv, NULL);
	UK_CHECK(tv.tv_sec >= 1000000000 && tv.tv_sec < 1000000060);
	back = (struct timespec){before / 1000000000, before % 1000000000};
	UK_CHECK_EQ(clock_settime(CLOCK_REALTIME, &back), 0);
	UK_CHECK(clock_settime(CLOCK_MONOTONIC, &back) == -1 && errno == EINVAL);
	UK_CHECK(clock_settime(99, &back) == -1 && errno == EINVAL);
	UK_CHECK(clock_settime(CLOCK_THREAD_CPUTIME_ID, &back) == -1 && errno == EPERM);
	t.tv_nsec = 1000000000;
	UK_CHECK(clock_settime(CLOCK_REALTIME, &t) == -1 && errno == EINVAL);
	t = (struct timespec){-1, 0};
	UK_CHECK(clock_settime(CLOCK_REALTIME, &t) == -1 && errno == EINVAL);
	t = (struct timespec){LONG_MAX, 0};
	UK_CHECK(clock_settime(CLOCK_REALTIME, &t) == -1 && errno == EINVAL);
}

UK_TEST(time, sleeps_last_as_long_as_asked)
{
	struct timespec t = ms(3), left = {7, 7};
	long long start = now(CLOCK_MONOTONIC);

	UK_CHECK_EQ(nanosleep(&t, &left), 0);
	UK_CHECK(now(CLOCK_MONOTONIC) - start >= 3 * MS);
	start = now(CLOCK_MONOTONIC);
	UK_CHECK_EQ(clock_nanosleep(CLOCK_REALTIME, 0, &t, NULL), 0);
	UK_CHECK(now(CLOCK_MONOTONIC) - start >= 3 * MS);
	start = now(CLOCK_REALTIME) + 3 * MS;
	t = (struct timespec){start / 1000000000, start % 1000000000};
	UK_CHECK_EQ(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &t, &left), 0);
	UK_CHECK(now(CLOCK_REALTIME) >= start);
	t = (struct timespec){0, 1};
	UK_CHECK_EQ(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL), 0);
	UK_CHECK_EQ(usleep(1000), 0);
	UK_CHECK_EQ(sleep(0), 0);
}

UK_TEST(time, bad_sleeps)
{
	static const struct timespec wrong[] = {{0, -1}, {0, 1000000000}, {-1, 0}};
	const struct timespec right = {0, 1};

	for (size_t i = 0; i < UK_ARRAY_SIZE(wrong); i++) {
		UK_CHECK(nanosleep(&wrong[i], NULL) == -1 && errno == EINVAL);
		UK_CHECK_EQ(clock_nanosleep(CLOCK_REALTIME, 0, &wrong[i], NULL), EINVAL);
		UK_CHECK_EQ(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &wrong[i], NULL), EINVAL);
	}
	UK_CHECK_EQ(clock_nanosleep(99, 0, &right, NULL), EINVAL);
	UK_CHECK_EQ(clock_nanosleep(CLOCK_THREAD_CPUTIME_ID, 0, &right, NULL), EINVAL);
	UK_CHECK_EQ(clock_nanosleep(CLOCK_PROCESS_CPUTIME_ID, 0, &right, NULL), ENOTSUP);
}

UK_TEST(time, usage)
{
	struct rusage usage;
	struct tms tms;
	clockid_t clock;

	UK_CHECK_EQ(getrusage(RUSAGE_SELF, &usage), 0);
	UK_CHECK_EQ(getrusage(RUSAGE_CHILDREN, &usage), 0);
	UK_CHECK(usage.ru_utime.tv_sec == 0 && usage.ru_utime.tv_usec == 0);
	UK_CHECK(getrusage(77, &usage) == -1 && errno == EINVAL);
	UK_CHECK(times(&tms) != (clock_t)-1);
	UK_CHECK(tms.tms_cutime == 0);
	UK_CHECK_EQ(clock_getcpuclockid(getpid(), &clock), 0);
	UK_CHECK(now(clock) >= 0);
	UK_CHECK_EQ(clock_getcpuclockid(0, &clock), 0);
	UK_CHECK_EQ(clock_getcpuclockid(4711, &clock), ESRCH);
}

static volatile int count;
static siginfo_t last;

static void on_signal(int number UK_UNUSED, siginfo_t *info, void *context UK_UNUSED)
{
	last = *info;
	count++;
}

static void handle(int number, int flags)
{
	const struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | flags};

	count = 0;
	UK_CHECK_EQ(sigaction(number, &action, NULL), 0);
}

static timer_t begin(clockid_t clock, int notify, int number)
{
	struct sigevent event = {.sigev_notify = notify, .sigev_signo = number};
	timer_t id = NULL;

	event.sigev_value.sival_int = 4711;
	UK_REQUIRE(timer_create(clock, &event, &id) == 0);
	return id;
}

UK_TEST(time, errors_of_timers)
{
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = NSIG};
	struct itimerspec value = {{0, 0}, {0, 1000000000}};
	timer_t id, ids[TIMER_MAX];
	int n = 0;

	if (!with_timers())
		UK_SKIP("no timers");
	UK_CHECK(timer_create(99, NULL, &id) == -1 && errno == EINVAL);
	UK_CHECK(timer_create(CLOCK_REALTIME, &event, &id) == -1 && errno == EINVAL);
	event.sigev_notify = 77;
	UK_CHECK(timer_create(CLOCK_REALTIME, &event, &id) == -1 && errno == EINVAL);
	id = begin(CLOCK_REALTIME, SIGEV_NONE, 0);
	UK_CHECK(timer_settime(id, 0, &value, NULL) == -1 && errno == EINVAL);
	value = (struct itimerspec){{0, -1}, {1, 0}};
	UK_CHECK(timer_settime(id, 0, &value, NULL) == -1 && errno == EINVAL);
	value = (struct itimerspec){{0, -1}, {0, 0}};
	UK_CHECK_EQ(timer_settime(id, 0, &value, NULL), 0);
	UK_CHECK_EQ(timer_delete(id), 0);
	UK_CHECK(timer_delete(id) == -1 && errno == EINVAL);
	UK_CHECK(timer_gettime(id, &value) == -1 && errno == EINVAL);
	UK_CHECK(timer_settime(id, 0, &value, NULL) == -1 && errno == EINVAL);
	UK_CHECK(timer_getoverrun(NULL) == -1 && errno == EINVAL);
	while (n < TIMER_MAX && timer_create(CLOCK_REALTIME, NULL, &ids[n]) == 0)
		n++;
	UK_CHECK_EQ(n, TIMER_MAX);
	UK_CHECK(timer_create(CLOCK_REALTIME, NULL, &id) == -1 && errno == EAGAIN);
	while (n > 0)
		UK_CHECK_EQ(timer_delete(ids[--n]), 0);
}

UK_TEST(time, a_timer_ends_a_sleep)
{
	const struct itimerspec value = {{0, 0}, {0, 2 * MS}};
	struct timespec t = {100, 0}, left = {0, 0};
	long long start;
	timer_t id;

	if (!with_timers())
		UK_SKIP("no timers");
	handle(SIGUSR1, SA_RESTART);
	id = begin(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGUSR1);
	start = now(CLOCK_MONOTONIC);
	UK_CHECK_EQ(timer_settime(id, 0, &value, NULL), 0);
	UK_CHECK(nanosleep(&t, &left) == -1 && errno == EINTR);
	UK_CHECK(now(CLOCK_MONOTONIC) - start >= 2 * MS);
	UK_CHECK(left.tv_sec == 99);
	UK_CHECK_EQ(count, 1);
	UK_CHECK_EQ(last.si_code, SI_TIMER);
	UK_CHECK_EQ(last.si_value.sival_int, 4711);
	UK_CHECK_EQ(timer_settime(id, 0, &value, NULL), 0);
	UK_CHECK_EQ(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &(struct timespec){1000000, 0}, &left), EINTR);
	timer_delete(id);
}

UK_TEST(time, a_timer_interrupts_running_code)
{
	const struct itimerspec value = {{0, 0}, {0, 2 * MS}};
	timer_t id;

	if (!with_timers())
		UK_SKIP("no timers");
	handle(SIGUSR1, 0);
	id = begin(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGUSR1);
	UK_CHECK_EQ(timer_settime(id, 0, &value, NULL), 0);
	while (!count) {
	}
	UK_CHECK_EQ(count, 1);
	timer_delete(id);
}

UK_TEST(time, overruns_are_counted)
{
	const struct itimerspec value = {{0, MS}, {0, MS}};
	struct itimerspec old;
	struct timespec t = ms(20);
	sigset_t set;
	timer_t id;

	if (!with_timers())
		UK_SKIP("no timers");
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	id = begin(CLOCK_REALTIME, SIGEV_SIGNAL, SIGUSR1);
	UK_CHECK_EQ(timer_settime(id, 0, &value, NULL), 0);
	UK_CHECK_EQ(nanosleep(&t, NULL), 0);
	UK_CHECK_EQ(timer_gettime(id, &old), 0);
	UK_CHECK(ns_of(old.it_value) > 0 && ns_of(old.it_value) <= MS);
	UK_CHECK_EQ(ns_of(old.it_interval), MS);
	UK_CHECK_EQ(sigwaitinfo(&set, &last), SIGUSR1);
	UK_CHECK(last.si_overrun >= 18);
	UK_CHECK_EQ(timer_getoverrun(id), last.si_overrun);
	UK_CHECK_EQ(sigwaitinfo(&set, &last), SIGUSR1);
	timer_delete(id);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

UK_TEST(time, a_silent_timer_can_be_read)
{
	const struct itimerspec value = {{0, 0}, {100, 0}}, stop = {{0, 0}, {0, 0}}, soon = {{0, 0}, {0, 1}};
	struct itimerspec old;
	timer_t id;

	if (!with_timers())
		UK_SKIP("no timers");
	id = begin(CLOCK_REALTIME, SIGEV_NONE, 0);
	timer_gettime(id, &old);
	UK_CHECK_EQ(ns_of(old.it_value), 0);
	timer_settime(id, 0, &value, NULL);
	timer_gettime(id, &old);
	UK_CHECK(old.it_value.tv_sec == 99 || old.it_value.tv_sec == 100);
	timer_settime(id, 0, &stop, &old);
	UK_CHECK(old.it_value.tv_sec == 99 || old.it_value.tv_sec == 100);
	timer_gettime(id, &old);
	UK_CHECK_EQ(ns_of(old.it_value), 0);
	timer_settime(id, 0, &soon, NULL);
	uk_wait_until(uk_plat_time_ns() + 1000);
	timer_gettime(id, &old);
	UK_CHECK_EQ(ns_of(old.it_value), 0);
	timer_delete(id);
}

UK_TEST(time, absolute_timers_follow_the_clock)
{
	const long long before = now(CLOCK_REALTIME);
	struct itimerspec value = {{0, 0}, {before / 1000000000 + 3600, 0}};
	struct timespec jump = {before / 1000000000 + 3601, 0}, back;
	sigset_t set;
	timer_t id;

	if (!with_timers())
		UK_SKIP("no timers");
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	id = begin(CLOCK_REALTIME, SIGEV_SIGNAL, SIGUSR1);
	UK_CHECK_EQ(timer_settime(id, TIMER_ABSTIME, &value, NULL), 0);
	UK_CHECK(sigtimedwait(&set, NULL, &(struct timespec){0, MS}) == -1 && errno == EAGAIN);
	UK_CHECK_EQ(clock_settime(CLOCK_REALTIME, &jump), 0);
	UK_CHECK_EQ(sigtimedwait(&set, NULL, &(struct timespec){10, 0}), SIGUSR1);
	back = (struct timespec){before / 1000000000, 0};
	UK_CHECK_EQ(clock_settime(CLOCK_REALTIME, &back), 0);
	timer_delete(id);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

UK_TEST(time, a_signal_ends_select)
{
	const struct itimerval value = {{0, 0}, {0, 2000}};
	struct timeval long_time = {100, 0};

	if (!with_timers())
		UK_SKIP("no timers");
	handle(SIGALRM, SA_RESTART);
	UK_CHECK_EQ(setitimer(ITIMER_REAL, &value, NULL), 0);
	UK_CHECK(select(0, NULL, NULL, NULL, &long_time) == -1 && errno == EINTR);
	UK_CHECK_EQ(count, 1);
}

UK_TEST(time, the_signal_of_a_timer_waits_though_its_default_is_nothing)
{
	const struct itimerspec value = {{0, 0}, {0, MS}};
	sigset_t set;
	timer_t id;

	if (!with_timers())
		UK_SKIP("no timers");
	signal(SIGCONT, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, SIGCONT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	id = begin(CLOCK_REALTIME, SIGEV_SIGNAL, SIGCONT);
	UK_CHECK_EQ(timer_settime(id, 0, &value, NULL), 0);
	usleep(3000);
	UK_CHECK_EQ(sigtimedwait(&set, NULL, &(struct timespec){0, 0}), SIGCONT);
	timer_delete(id);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static volatile int notified;

static void notify(union sigval value)
{
	__atomic_store_n(&notified, value.sival_int, __ATOMIC_SEQ_CST);
}

UK_TEST(time, a_timer_starts_a_thread)
{
	struct sigevent event = {.sigev_notify = SIGEV_THREAD};
	const struct itimerspec value = {{0, 0}, {0, MS}};
	const long long start = now(CLOCK_MONOTONIC);
	struct timespec t = ms(1);
	timer_t id;

	if (!with_timers())
		UK_SKIP("no timers");
	notified = 0;
	event.sigev_notify_function = notify;
	event.sigev_value.sival_int = 99;
	UK_REQUIRE(timer_create(CLOCK_MONOTONIC, &event, &id) == 0);
	UK_CHECK_EQ(timer_settime(id, 0, &value, NULL), 0);
	while (!notified && now(CLOCK_MONOTONIC) - start < 10000 * MS)
		nanosleep(&t, NULL);
	UK_CHECK_EQ(notified, 99);
	timer_delete(id);
}

UK_TEST(time, cpu_time_timers_fire_when_it_is_used)
{
	const struct itimerspec value = {{0, 0}, {0, 3 * MS}};
	long long start;
	timer_t id;

	if (!with_timers() || now(CLOCK_THREAD_CPUTIME_ID) == 0)
		UK_SKIP("no timers, or CPU time is not counted");
	handle(SIGUSR1, 0);
	id = begin(CLOCK_THREAD_CPUTIME_ID, SIGEV_SIGNAL, SIGUSR1);
	start = now(CLOCK_THREAD_CPUTIME_ID);
	UK_CHECK_EQ(timer_settime(id, 0, &value, NULL), 0);
	while (!count) {
	}
	UK_CHECK(now(CLOCK_THREAD_CPUTIME_ID) - start >= 3 * MS);
	timer_delete(id);
}

UK_TEST(time, alarms)
{
	const struct itimerval value = {{0, 1000}, {0, 1000}}, stop = {{0, 0}, {0, 0}};
	struct itimerval old;

	if (!with_timers())
		UK_SKIP("no timers");
	handle(SIGALRM, 0);
	UK_CHECK_EQ(alarm(100), 0);
	UK_CHECK_EQ(alarm(0), 100);
	UK_CHECK_EQ(alarm(0), 0);
	UK_CHECK_EQ(setitimer(ITIMER_REAL, &value, NULL), 0);
	while (count < 3)
		pause();
	UK_CHECK_EQ(getitimer(ITIMER_REAL, &old), 0);
	UK_CHECK(old.it_interval.tv_usec == 1000 && old.it_value.tv_usec > 0 && old.it_value.tv_usec <= 1000);
	UK_CHECK_EQ(setitimer(ITIMER_REAL, &stop, &old), 0);
	UK_CHECK_EQ(old.it_interval.tv_usec, 1000);
	UK_CHECK(setitimer(3, &value, NULL) == -1 && errno == EINVAL);
	UK_CHECK(getitimer(-1, &old) == -1 && errno == EINVAL);
	count = 0;
	UK_CHECK_EQ(ualarm(1000, 0), 0);
	pause();
	UK_CHECK_EQ(count, 1);
	UK_CHECK_EQ(last.si_code, SI_KERNEL);
}
