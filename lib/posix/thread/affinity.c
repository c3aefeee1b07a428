/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Which CPUs a thread may run on: Linux' interface. */

#include "internal.h"

#include <stdlib.h>
#include <string.h>

#include <uk/plat/cpu.h>

static uint64_t existing(void)
{
	const unsigned n = uk_plat_cpus();

	return n >= 64 ? UINT64_MAX : ((uint64_t)1 << n) - 1;
}

int uk_posix_cpus_get(size_t size, const cpu_set_t *set, uint64_t *bits)
{
	uint64_t wanted = 0;

	memcpy(&wanted, set, UK_MIN(size, sizeof(wanted)));
	wanted &= existing();
	if (!wanted)
		return EINVAL;
	*bits = wanted;
	return 0;
}

int uk_posix_cpus_put(uint64_t bits, size_t size, cpu_set_t *set)
{
	if (size < sizeof(bits) || size % sizeof(unsigned long))
		return EINVAL;
	memset(set, 0, size);
	bits &= existing();
	memcpy(set, &bits, sizeof(bits));
	return 0;
}

int pthread_getaffinity_np(pthread_t thread, size_t size, cpu_set_t *set)
{
	const struct uk_thread *t = uk_posix_thread_find(thread);

	return t ? uk_posix_cpus_put(t->affinity, size, set) : ESRCH;
}

static int affinity_set(struct uk_thread *t, size_t size, const cpu_set_t *set)
{
	uint64_t bits;

	if (!t)
		return ESRCH;
	return uk_posix_cpus_get(size, set, &bits) ? EINVAL : -uk_thread_affinity_set(t, bits);
}

int pthread_setaffinity_np(pthread_t thread, size_t size, const cpu_set_t *set)
{
	return affinity_set(uk_posix_thread_find(thread), size, set);
}

static int result(int error)
{
	if (!error)
		return 0;
	errno = error;
	return -1;
}

int sched_getaffinity(pid_t pid, size_t size, cpu_set_t *set)
{
	const struct uk_thread *t = uk_posix_thread_pid(pid);

	return result(t ? uk_posix_cpus_put(t->affinity, size, set) : pid < 0 ? EINVAL : ESRCH);
}

int sched_setaffinity(pid_t pid, size_t size, const cpu_set_t *set)
{
	return result(pid < 0 ? EINVAL : affinity_set(uk_posix_thread_pid(pid), size, set));
}

int sched_getcpu(void)
{
	return (int)uk_plat_cpu();
}

int uk_posix_cpu_count(size_t size, const cpu_set_t *set)
{
	int count = 0;

	for (size_t i = 0; i < size / sizeof(unsigned long); i++)
		count += __builtin_popcountl(set->uk_bits[i]);
	return count;
}

cpu_set_t *uk_posix_cpu_alloc(size_t n)
{
	return calloc(1, CPU_ALLOC_SIZE(n));
}

void uk_posix_cpu_free(cpu_set_t *set)
{
	free(set);
}
