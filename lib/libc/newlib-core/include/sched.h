/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* POSIX.1-2017 <sched.h>, with Linux' sets of CPUs. Implemented by posix/thread. */
#pragma once

#include <stddef.h>
#include <sys/types.h>
#include <sys/sched.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Let others run: 0. */
int sched_yield(void);

/* The bounds of priorities under a policy; -1 with EINVAL for another policy. */
int sched_get_priority_max(int policy);
int sched_get_priority_min(int policy);

/* Policy and priority of the calling thread (pid 0) or the first one (pid 1): -1 with ESRCH for others, EINVAL. */
int sched_getparam(pid_t pid, struct sched_param *param);
int sched_setparam(pid_t pid, const struct sched_param *param);
int sched_getscheduler(pid_t pid);
int sched_setscheduler(pid_t pid, int policy, const struct sched_param *param);

/* How long a thread runs under SCHED_RR before the next one of its priority does. -1 with ESRCH or EINVAL. */
int sched_rr_get_interval(pid_t pid, struct timespec *interval);

#if __GNU_VISIBLE

#define CPU_SETSIZE 1024

typedef union {
	unsigned long uk_bits[CPU_SETSIZE / (8 * sizeof(unsigned long))];
} cpu_set_t;

/* The CPU that the caller runs on. */
int sched_getcpu(void);

/* The CPUs that a thread (as above) may run on. -1 with EINVAL if the set is too small or has none that exists. */
int sched_getaffinity(pid_t pid, size_t size, cpu_set_t *set);
int sched_setaffinity(pid_t pid, size_t size, const cpu_set_t *set);

/* CPUs in a set; a set for n CPUs from the heap, and back. */
int uk_posix_cpu_count(size_t size, const cpu_set_t *set);
cpu_set_t *uk_posix_cpu_alloc(size_t n);
void uk_posix_cpu_free(cpu_set_t *set);

#define UK_CPU_BITS (8 * sizeof(unsigned long))
#define UK_CPU_WORD(cpu, size, set, op, otherwise)                                                                     \
	((size_t)(cpu) / 8 < (size) ? (set)->uk_bits[(size_t)(cpu) / UK_CPU_BITS] op : (otherwise))

#define CPU_ALLOC(n) uk_posix_cpu_alloc(n)
#define CPU_FREE(set) uk_posix_cpu_free(set)
#define CPU_ALLOC_SIZE(n) (((size_t)(n) + UK_CPU_BITS - 1) / UK_CPU_BITS * sizeof(unsigned long))

#define CPU_ZERO_S(size, set) ((void)__builtin_memset((set), 0, (size)))
#define CPU_SET_S(cpu, size, set) ((void)UK_CPU_WORD(cpu, size, set, |= 1UL << (size_t)(cpu) % UK_CPU_BITS, 0))
#define CPU_CLR_S(cpu, size, set) ((void)UK_CPU_WORD(cpu, size, set, &= ~(1UL << (size_t)(cpu) % UK_CPU_BITS), 0))
#define CPU_ISSET_S(cpu, size, set) ((int)(UK_CPU_WORD(cpu, size, set, >> (size_t)(cpu) % UK_CPU_BITS, 0) & 1))
#define CPU_COUNT_S(size, set) uk_posix_cpu_count((size), (set))
#define CPU_EQUAL_S(size, a, b) (__builtin_memcmp((a), (b), (size)) == 0)
#define UK_CPU_EACH(size, out, a, op, b)                                                                               \
	do {                                                                                                           \
		for (size_t uk_i_ = 0; uk_i_ < (size) / sizeof(unsigned long); uk_i_++)                                \
			(out)->uk_bits[uk_i_] = (a)->uk_bits[uk_i_] op(b)->uk_bits[uk_i_];                             \
	} while (0)
#define CPU_AND_S(size, out, a, b) UK_CPU_EACH(size, out, a, &, b)
#define CPU_OR_S(size, out, a, b) UK_CPU_EACH(size, out, a, |, b)
#define CPU_XOR_S(size, out, a, b) UK_CPU_EACH(size, out, a, ^, b)

#define CPU_ZERO(set) CPU_ZERO_S(sizeof(cpu_set_t), set)
#define CPU_SET(cpu, set) CPU_SET_S(cpu, sizeof(cpu_set_t), set)
#define CPU_CLR(cpu, set) CPU_CLR_S(cpu, sizeof(cpu_set_t), set)
#define CPU_ISSET(cpu, set) CPU_ISSET_S(cpu, sizeof(cpu_set_t), set)
#define CPU_COUNT(set) CPU_COUNT_S(sizeof(cpu_set_t), set)
#define CPU_EQUAL(a, b) CPU_EQUAL_S(sizeof(cpu_set_t), a, b)
#define CPU_AND(out, a, b) CPU_AND_S(sizeof(cpu_set_t), out, a, b)
#define CPU_OR(out, a, b) CPU_OR_S(sizeof(cpu_set_t), out, a, b)
#define CPU_XOR(out, a, b) CPU_XOR_S(sizeof(cpu_set_t), out, a, b)

#endif

#ifdef __cplusplus
}
#endif
