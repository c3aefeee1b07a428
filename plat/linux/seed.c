/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <errno.h>
#include <string.h>

#include <uk/arch/cpu.h>
#include <uk/base.h>
#include <uk/plat/cpu.h>

#include "linux.h"
#include "syscall.h"

#define GRND_NONBLOCK 1
#define AT_ONCE 256 /* bytes that getrandom(2) gives without being interrupted */

/* The finaliser of splitmix64 over the sum of all cycle counts so far. */
static void mix_clock(char *p, size_t len)
{
	static uint64_t state;

	for (; len > 0; len--) {
		uint64_t x = state += uk_arch_cycles() + 0x9e3779b97f4a7c15;

		x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
		*p++ = (char)(x >> 32);
	}
}

int uk_plat_seed(void *buf, size_t len)
{
	for (size_t at = 0; at < len;) {
		const long n = uk_linux_call3(UK_LINUX_GETRANDOM, (long)((char *)buf + at),
					      (long)UK_MIN(len - at, (size_t)AT_ONCE), GRND_NONBLOCK);

		if (n <= 0 && n != -EINTR) {
			mix_clock((char *)buf + at, len - at);
			return -EAGAIN;
		}
		at += n > 0 ? (size_t)n : 0;
	}
	return 0;
}
