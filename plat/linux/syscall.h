/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Raw system calls (Linux Documentation/arch/x86/entry_64.rst; numbers of arch/x86/entry/syscalls/syscall_64.tbl).
 * They return what the kernel returns: a result or -errno. Context: any. */
#pragma once

enum {
	UK_LINUX_READ = 0,
	UK_LINUX_WRITE = 1,
	UK_LINUX_OPEN = 2,
	UK_LINUX_CLOSE = 3,
	UK_LINUX_LSEEK = 8,
	UK_LINUX_MMAP = 9,
	UK_LINUX_MPROTECT = 10,
	UK_LINUX_MUNMAP = 11,
	UK_LINUX_SIGACTION = 13,
	UK_LINUX_SIGPROCMASK = 14,
	UK_LINUX_IOCTL = 16,
	UK_LINUX_PIPE = 22,
	UK_LINUX_MSYNC = 26,
	UK_LINUX_GETPID = 39,
	UK_LINUX_SIGALTSTACK = 131,
	UK_LINUX_PRCTL = 157,
	UK_LINUX_ARCH_PRCTL = 158,
	UK_LINUX_GETTID = 186,
	UK_LINUX_FUTEX = 202,
	UK_LINUX_TIMER_CREATE = 222,
	UK_LINUX_TIMER_SETTIME = 223,
	UK_LINUX_CLOCK_GETTIME = 228,
	UK_LINUX_EXIT_GROUP = 231,
	UK_LINUX_TGKILL = 234,
	UK_LINUX_PPOLL = 271,
	UK_LINUX_PRLIMIT = 302,
	UK_LINUX_GETRANDOM = 318,
};

/* Operations of futex(2), private to the process. */
enum {
	UK_LINUX_FUTEX_WAIT = 128,
	UK_LINUX_FUTEX_WAKE = 129,
};

static inline long uk_linux_call6(long number, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}

static inline long uk_linux_call4(long number, long a, long b, long c, long d)
{
	register long r10 __asm__("r10") = d;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10)
			 : "rcx", "r11", "memory");
	return result;
}

static inline long uk_linux_call3(long number, long a, long b, long c)
{
	long result;

	__asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
	return result;
}
