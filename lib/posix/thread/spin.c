/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Spinlocks: POSIX.1-2017, pthread_spin_*. A thread that holds one may be preempted, so that who spins for long lets
 * others run. */

#include "internal.h"

#include <uk/arch/cpu.h>

#define ROUNDS 100 /* between two yields */

int pthread_spin_init(pthread_spinlock_t *lock, int shared)
{
	if (shared != PTHREAD_PROCESS_PRIVATE && shared != PTHREAD_PROCESS_SHARED)
		return EINVAL;
	*lock = 0;
	return 0;
}

int pthread_spin_destroy(pthread_spinlock_t *lock)
{
	return __atomic_load_n(lock, __ATOMIC_RELAXED) ? EBUSY : 0;
}

int pthread_spin_trylock(pthread_spinlock_t *lock)
{
	return __atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE) ? EBUSY : 0;
}

int pthread_spin_lock(pthread_spinlock_t *lock)
{
	for (unsigned n = 1; pthread_spin_trylock(lock); n++) {
		while (UK_SMP && n % ROUNDS && __atomic_load_n(lock, __ATOMIC_RELAXED)) {
			uk_arch_pause();
			n++;
		}
		if (!UK_SMP || n % ROUNDS == 0)
			uk_thread_yield();
	}
	return 0;
}

int pthread_spin_unlock(pthread_spinlock_t *lock)
{
	__atomic_store_n(lock, 0, __ATOMIC_RELEASE);
	return 0;
}
