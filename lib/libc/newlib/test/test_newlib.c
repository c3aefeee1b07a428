/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Linux' numbers and layouts, and what this library adds to newlib's own code. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <locale.h>
#include <malloc.h>
#include <math.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include <uk/plat/time.h>
#include <uk/test.h>
#include <uk/wait.h>

#include "../duration.h"

void *pvalloc(size_t size);

struct number {
	const char *name;
	long value, expected;
};

#define N(name, expected)                                                                                              \
	{                                                                                                              \
#name, (long)(name), expected                                                                          \
	}

/* Expected values are those of a Linux x86_64 system (include/uapi). */
static const struct number numbers[] = {
    N(EPERM, 1),
    N(EAGAIN, 11),
    N(EDEADLK, 35),
    N(ENAMETOOLONG, 36),
    N(ENOSYS, 38),
    N(ENOTEMPTY, 39),
    N(ELOOP, 40),
    N(EOVERFLOW, 75),
    N(EILSEQ, 84),
    N(ENOTSOCK, 88),
    N(EOPNOTSUPP, 95),
    N(EADDRINUSE, 98),
    N(ENOTCONN, 107),
    N(ETIMEDOUT, 110),
    N(EINPROGRESS, 115),
    N(ECANCELED, 125),
    N(EOWNERDEAD, 130),
    N(EWOULDBLOCK, 11),
    N(O_RDONLY, 0),
    N(O_WRONLY, 1),
    N(O_RDWR, 2),
    N(O_CREAT, 0100),
    N(O_EXCL, 0200),
    N(O_TRUNC, 01000),
    N(O_APPEND, 02000),
    N(O_NONBLOCK, 04000),
    N(O_DIRECTORY, 0200000),
    N(O_CLOEXEC, 02000000),
    N(F_GETFL, 3),
    N(F_DUPFD_CLOEXEC, 1030),
    N(AT_FDCWD, -100),
    N(S_IFDIR, 0040000),
    N(S_IFSOCK, 0140000),
    N(SIGABRT, 6),
    N(SIGBUS, 7),
    N(SIGUSR1, 10),
    N(SIGSEGV, 11),
    N(SIGUSR2, 12),
    N(SIGCHLD, 17),
    N(SIGWINCH, 28),
    N(SIG_BLOCK, 0),
    N(SIG_SETMASK, 2),
    N(CLOCK_REALTIME, 0),
    N(CLOCK_MONOTONIC, 1),
    N(TCGETS, 0x5401),
    N(VMIN, 6),
    N(ICANON, 2),
    N(FD_SETSIZE, 1024),
    N(PATH_MAX, 4096),
    N(CLOCKS_PER_SEC, 1000000),
    N(SEEK_END, 2),
    N(DT_DIR, 4),
    N(sizeof(fd_set), 128),
    N(sizeof(struct stat), 144),
    N(sizeof(struct dirent), 280),
    N(sizeof(struct termios), 60),
    N(sizeof(struct sigaction), 32),
    N(sizeof(siginfo_t), 128),
    N(sizeof(struct flock), 32),
    N(sizeof(time_t), 8),
    N(sizeof(off_t), 8),
    N(sizeof(ino_t), 8),
    N(sizeof(nlink_t), 8),
    N(sizeof(clock_t), 8),
    N(sizeof(dev_t), 8),
    N(offsetof(struct stat, st_mode), 24),
    N(offsetof(struct stat, st_size), 48),
    N(offsetof(struct dirent, d_name), 19),
};

UK_TEST_EACH(newlib, linux_number, struct number, numbers)
{
	if (it->value != it->expected)
		printf("# %s\n", it->name);
	UK_CHECK_EQ(it->value, it->expected);
}

UK_TEST(newlib, formats)
{
	volatile size_t room = 4;
	char buf[128];

	snprintf(buf, sizeof(buf), "%d|%5.2f|%.14g|%e|%x|%lld|%s|%-4d|%a", -1, 3.14159, 1.0 / 3, 12345.678, 255,
		 LLONG_MIN, "text", 7, 1.0);
	UK_CHECK_STR(buf, "-1| 3.14|0.33333333333333|1.234568e+04|ff|-9223372036854775808|text|7   |0x1p+0");
	UK_CHECK_EQ(snprintf(buf, room, "%s", "longer"), 6);
	UK_CHECK_STR(buf, "lon");
}

UK_TEST(newlib, scans)
{
	int i;
	double d;
	char word[8];

	UK_CHECK_EQ(sscanf("12 3.5e2 abc", "%d %lf %7s", &i, &d, word), 3);
	UK_CHECK(i == 12 && d == 350.0);
	UK_CHECK_STR(word, "abc");
	UK_CHECK(strtod("0x1.8p1", NULL) == 3.0);
	errno = 0;
	UK_CHECK_EQ(strtol("99999999999999999999", NULL, 10), LONG_MAX);
	UK_CHECK_EQ(errno, ERANGE);
}

UK_TEST(newlib, streams_in_memory)
{
	char *text = NULL, *line = NULL;
	size_t size = 0, room = 0;
	FILE *f = open_memstream(&text, &size);

	UK_REQUIRE(f);
	fprintf(f, "one\ntwo\n");
	UK_CHECK_EQ(fclose(f), 0);
	UK_CHECK_EQ(size, 8);
	f = fmemopen(text, size, "r");
	UK_REQUIRE(f);
	UK_CHECK_EQ(getline(&line, &room, f), 4);
	UK_CHECK_STR(line, "one\n");
	UK_CHECK_EQ(getline(&line, &room, f), 4);
	UK_CHECK_EQ(getline(&line, &room, f), -1);
	fclose(f);
	free(line);
	free(text);
}

UK_TEST(newlib, missing_files_say_so)
{
	errno = 0;
	UK_CHECK(!fopen("/no/such/file", "r"));
	UK_CHECK_EQ(errno, ENOENT);
	UK_CHECK(!opendir("/no/such/file"));
	UK_CHECK(!realpath("/no/such/file", NULL));
	UK_CHECK_EQ(close(-1), -1);
	UK_CHECK_EQ(errno, EBADF);
	UK_CHECK_STR(strerror(ENOENT), "No such file or directory");
	UK_CHECK_STR(strerror(EKEYREJECTED), "Key was rejected by service");
	UK_CHECK_STR(strerror(4000), "Unknown error 4000");
	UK_CHECK_STR(strerror(-2), "Unknown error -2");
}

UK_TEST(newlib, allocation)
{
	volatile size_t huge = (size_t)1 << 40;
	void *p = NULL;

	UK_CHECK_EQ(posix_memalign(&p, 4096, 100), 0);
	UK_CHECK_EQ((uintptr_t)p % 4096, 0);
	p = realloc(p, 100000);
	UK_CHECK(p && malloc_usable_size(p) >= 100000);
	UK_CHECK_PTR(realloc(p, 0), NULL);
	UK_CHECK_EQ(posix_memalign(&p, 3, 1), EINVAL);
	errno = 0;
	UK_CHECK_PTR(calloc(huge, huge), NULL);
	UK_CHECK_EQ(errno, ENOMEM);
	errno = 0;
	UK_CHECK_PTR(pvalloc(SIZE_MAX), NULL);
	UK_CHECK_EQ(errno, ENOMEM);
}

static int raised;

static void on_signal(int number)
{
	raised = number;
}

UK_TEST(newlib, signals_reach_handlers)
{
	struct sigaction action = {.sa_handler = on_signal}, old;
	sigset_t set;

	UK_CHECK_EQ(sigaction(SIGUSR1, &action, &old), 0);
	raised = 0;
	UK_CHECK_EQ(raise(SIGUSR1), 0);
	UK_CHECK_EQ(raised, SIGUSR1);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	raised = 0;
	sigprocmask(SIG_BLOCK, &set, NULL);
	kill(getpid(), SIGUSR1);
	UK_CHECK_EQ(raised, 0);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	UK_CHECK_EQ(raised, SIGUSR1);
	sigaction(SIGUSR1, &old, NULL);
	UK_CHECK_EQ(kill(4711, SIGTERM), -1);
	UK_CHECK_EQ(errno, ESRCH);
}

UK_TEST_CRASH(newlib, abort_is_a_panic, "aborted")
{
	abort();
}

UK_TEST(newlib, clocks)
{
	struct timespec a, b, wait = {0, 2000000};

	UK_CHECK_EQ(clock_gettime(CLOCK_MONOTONIC, &a), 0);
	UK_CHECK_EQ(nanosleep(&wait, NULL), 0);
	clock_gettime(CLOCK_MONOTONIC, &b);
	UK_CHECK((b.tv_sec - a.tv_sec) * 1000000000 + b.tv_nsec - a.tv_nsec >= 2000000);
	UK_CHECK_EQ(clock_gettime(99, &a), -1);
	wait.tv_nsec = -1;
	UK_CHECK_EQ(nanosleep(&wait, NULL), -1);
	UK_CHECK_EQ(errno, EINVAL);
}

UK_TEST(newlib, sleeps_by_either_clock)
{
	static const clockid_t ids[] = {CLOCK_REALTIME, CLOCK_MONOTONIC};
	struct timespec wait = {0, 2000000};
	uint64_t start;

	for (int i = 0; i < 2; i++) {
		start = uk_plat_time_ns();
		UK_CHECK_EQ(clock_nanosleep(ids[i], 0, &wait, NULL), 0);
		UK_CHECK(uk_plat_time_ns() - start >= 2000000);
	}
}

UK_TEST(newlib, durations_do_not_wrap)
{
	struct timespec longest = {LONG_MAX, 999999999}, hour = {3600, 1};

	UK_CHECK_EQ(uk_newlib_time_add(1, &longest), UK_WAIT_FOREVER);
	UK_CHECK_EQ(uk_newlib_time_add(UK_WAIT_FOREVER - 1, &hour), UK_WAIT_FOREVER);
	UK_CHECK_EQ(uk_newlib_time_add(1, &hour), 3600000000002);
}

UK_TEST(newlib, calendar)
{
	time_t t = 951827696; /* 2000-02-29 12:34:56 UTC */
	struct tm tm;
	char buf[32];

	gmtime_r(&t, &tm);
	strftime(buf, sizeof(buf), "%Y-%m-%d %H:%M:%S %a %j", &tm);
	UK_CHECK_STR(buf, "2000-02-29 12:34:56 Tue 060");
	UK_CHECK_EQ(mktime(&tm), t);
}

UK_TEST(newlib, environment)
{
	UK_CHECK_EQ(setenv("TESSERA_TEST", "x", 1), 0);
	UK_CHECK_STR(getenv("TESSERA_TEST"), "x");
	UK_CHECK_EQ(unsetenv("TESSERA_TEST"), 0);
	UK_CHECK(!getenv("TESSERA_TEST"));
}

UK_TEST(newlib, locales)
{
	UK_CHECK(setlocale(LC_ALL, "C.UTF-8") != NULL);
	UK_CHECK_EQ(mblen("\303\244", 2), 2);
	UK_CHECK_STR(setlocale(LC_ALL, "C"), "C");
	UK_CHECK(!setlocale(LC_ALL, "xx_YY.klingon"));
}

UK_TEST(newlib, mathematics)
{
	UK_CHECK(sqrt(2.0) * sqrt(2.0) - 2.0 < 1e-15);
	UK_CHECK(pow(2.0, 0.5) == sqrt(2.0));
	UK_CHECK(fabs(sin(1.0) - 0.8414709848078965) < 1e-16);
	UK_CHECK(isnan(log(-1.0)));
	UK_CHECK(floor(-0.5) == -1.0 && lround(2.5) == 3);
}

UK_TEST(newlib, pipes_and_processes_are_refused)
{
	int fds[2];

	UK_CHECK_EQ(system("true"), -1);
	UK_CHECK_EQ(errno, ENOSYS);
	UK_CHECK_EQ(system(NULL), 0);
	UK_CHECK_EQ(pipe(fds), -1);
	UK_CHECK_EQ(fork(), -1);
	UK_CHECK_EQ(getpid(), 1);
	UK_CHECK_EQ(sysconf(_SC_PAGESIZE), 4096);
}

static struct timeval now_plus(void)
{
	return (struct timeval){0, 1000};
}

UK_TEST(newlib, select_times_out)
{
	struct timeval t = now_plus();
	fd_set set;

	FD_ZERO(&set);
	UK_CHECK_EQ(select(0, NULL, NULL, NULL, &t), 0);
	FD_SET(1, &set);
	UK_CHECK_EQ(select(2, NULL, &set, NULL, NULL), 1);
	UK_CHECK(FD_ISSET(1, &set));
	FD_SET(900, &set);
	UK_CHECK_EQ(select(901, &set, NULL, NULL, &t), -1);
	UK_CHECK_EQ(errno, EBADF);
}

UK_TEST(newlib, select_checks_its_timeout)
{
	static const struct timeval wrong[] = {{-1, 0}, {0, -1}, {1, -1000000}};
	struct timespec too_much = {0, 1000000000};
	struct timeval t;

	for (int i = 0; i < 3; i++) {
		t = wrong[i];
		errno = 0;
		UK_CHECK_EQ(select(0, NULL, NULL, NULL, &t), -1);
		UK_CHECK_EQ(errno, EINVAL);
	}
	UK_CHECK_EQ(pselect(0, NULL, NULL, NULL, &too_much, NULL), -1);
	UK_CHECK_EQ(errno, EINVAL);
}
