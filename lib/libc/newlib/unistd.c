/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What remains of <unistd.h>: limits, identity, random bytes. One process, number 1, user root. */
#include <limits.h>
#include <reent.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/utsname.h>
#include <termios.h>
#include <unistd.h>

#include <uk/base.h>
#include <uk/plat/boot.h>
#include <uk/plat/cpu.h>
#include <uk/plat/memory.h>

#include "cancel.h"
#include "result.h"

static long ram_pages(void)
{
	size_t count, size = 0;
	const struct uk_plat_region *map = uk_plat_memory_map(&count);

	for (size_t i = 0; i < count; i++)
		size += map[i].kind == UK_PLAT_RAM ? map[i].size : 0;
	return (long)(size / UK_PAGE_SIZE);
}

long sysconf(int name)
{
	long value;

	switch (name) {
	case _SC_PAGESIZE:
		return UK_PAGE_SIZE;
	case _SC_NPROCESSORS_CONF:
	case _SC_NPROCESSORS_ONLN:
		return (long)uk_plat_cpus();
	case _SC_PHYS_PAGES:
	case _SC_AVPHYS_PAGES:
		return ram_pages();
	case _SC_CLK_TCK:
		return 100;
	case _SC_OPEN_MAX:
		return OPEN_MAX;
	case _SC_IOV_MAX:
		return IOV_MAX;
	case _SC_ARG_MAX:
		return ARG_MAX;
	case _SC_LINE_MAX:
		return LINE_MAX;
	case _SC_VERSION:
		return _POSIX_VERSION;
	case _SC_SIGQUEUE_MAX:
		return SIGQUEUE_MAX;
	case _SC_RTSIG_MAX:
		return SIGRTMAX - SIGRTMIN + 1;
	case _SC_TIMER_MAX:
		return TIMER_MAX;
	case _SC_DELAYTIMER_MAX:
		return DELAYTIMER_MAX;
	case _SC_CLOCK_SELECTION:
	case _SC_CPUTIME:
	case _SC_MONOTONIC_CLOCK:
	case _SC_REALTIME_SIGNALS:
	case _SC_THREAD_CPUTIME:
	case _SC_TIMEOUTS:
	case _SC_TIMERS:
		return 200809;
	default:
		value = uk_libc_sysconf(name);
		return value == -1 ? -1 : uk_newlib_result(value);
	}
}

long pathconf(const char *path UK_UNUSED, int name)
{
	return name == _PC_NAME_MAX ? NAME_MAX : name == _PC_PATH_MAX ? PATH_MAX : uk_newlib_result(-EINVAL);
}

int getpagesize(void)
{
	return UK_PAGE_SIZE;
}

pid_t getpid(void)
{
	return 1;
}

int _getpid_r(struct _reent *r UK_UNUSED)
{
	return 1;
}

pid_t getppid(void)
{
	return 0;
}

/* One process, alone in its group and session. */
pid_t getpgrp(void)
{
	return getpid();
}

pid_t getpgid(pid_t pid)
{
	return pid && pid != getpid() ? (pid_t)uk_newlib_result(-ESRCH) : getpid();
}

pid_t getsid(pid_t pid)
{
	return getpgid(pid);
}

/* It leads its session: POSIX.1-2017 wants EPERM for any change. */
int setpgid(pid_t pid, pid_t group)
{
	if (group < 0)
		return (int)uk_newlib_result(-EINVAL);
	return (int)uk_newlib_result(pid && pid != getpid() ? -ESRCH : -EPERM);
}

int setpgrp(void)
{
	return getpgrp();
}

pid_t setsid(void)
{
	return (pid_t)uk_newlib_result(-EPERM);
}

uid_t getuid(void)
{
	return 0;
}

uid_t geteuid(void)
{
	return 0;
}

gid_t getgid(void)
{
	return 0;
}

gid_t getegid(void)
{
	return 0;
}

/* There is no other user. */
int setuid(uid_t uid)
{
	return uid ? (int)uk_newlib_result(-EINVAL) : 0;
}

int setgid(gid_t gid)
{
	return gid ? (int)uk_newlib_result(-EINVAL) : 0;
}

int gethostname(char *name, size_t size)
{
	strlcpy(name, "tessera", size);
	return 0;
}

int uname(struct utsname *name)
{
	memset(name, 0, sizeof(*name));
	strcpy(name->sysname, "Tessera");
	gethostname(name->nodename, sizeof(name->nodename));
	strlcpy(name->version, uk_plat_name(), sizeof(name->version));
	return 0;
}

int getentropy(void *buf, size_t len)
{
	if (len > 256)
		return (int)uk_newlib_result(-EIO);
	return (int)uk_newlib_result(uk_plat_seed(buf, len));
}

ssize_t getrandom(void *buf, size_t len, unsigned flags UK_UNUSED)
{
	int err = uk_plat_seed(buf, len);

	return uk_newlib_result(err ? err : (long)len);
}

int tcflush(int fd, int queue UK_UNUSED)
{
	return isatty(fd) ? 0 : -1;
}

int tcdrain(int fd)
{
	return isatty(fd) ? 0 : -1;
}

speed_t cfgetospeed(const struct termios *settings)
{
	return settings->c_ospeed;
}

speed_t cfgetispeed(const struct termios *settings)
{
	return settings->c_ispeed;
}

int cfsetospeed(struct termios *settings, speed_t speed)
{
	settings->c_ospeed = speed;
	return 0;
}

int cfsetispeed(struct termios *settings, speed_t speed)
{
	settings->c_ispeed = speed;
	return 0;
}

void cfmakeraw(struct termios *settings)
{
	settings->c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
	settings->c_oflag &= ~(tcflag_t)OPOST;
	settings->c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
	settings->c_cflag = (settings->c_cflag & ~(tcflag_t)(CSIZE | PARENB)) | CS8;
	settings->c_cc[VMIN] = 1;
	settings->c_cc[VTIME] = 0;
}
