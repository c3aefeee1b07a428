/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Where a thread's POSIX state is, and how a pthread_t names a thread.
 *
 * A pthread_t is the address of the struct uk_thread, which is a multiple of 16 below 2^47, shifted by 16, and in the
 * 20 bits that are free then the generation, which changes when the structure is used again; it is never 0. So a stale
 * id is recognised, until the structure has been used a million times more. */

#include "internal.h"

#include <uk/plat/cpu.h>

#define GENERATION_MASK 0xffffful
#define ADDRESS_SHIFT 20
#define ADDRESS_MAX ((1ul << 47) - 1)

_Thread_local struct uk_posix_thread uk_posix_thread_state;

unsigned long uk_posix_thread_id_of(const struct uk_thread *t)
{
	return (unsigned long)(uintptr_t)t << 16 | (t->generation & GENERATION_MASK);
}

void uk_posix_thread_attach(void)
{
	uk_posix_thread_state.thread = uk_thread_self();
	uk_posix_thread_state.id = uk_posix_thread_id_of(uk_posix_thread_state.thread);
}

struct uk_thread *uk_posix_thread_find(unsigned long id)
{
	const uintptr_t address = id >> ADDRESS_SHIFT << 4;
	struct uk_thread *t = (struct uk_thread *)address;

	if (!address || address > ADDRESS_MAX)
		return NULL;
	if ((__atomic_load_n(&t->generation, __ATOMIC_RELAXED) & GENERATION_MASK) != (id & GENERATION_MASK) ||
	    __atomic_load_n(&t->state, __ATOMIC_RELAXED) == UK_THREAD_FREE)
		return NULL;
	return t;
}

struct uk_posix_thread *uk_posix_thread_of(const struct uk_thread *t)
{
	/* thread-local storage has the same layout in every thread */
	const ptrdiff_t at = (char *)&uk_posix_thread_state - (char *)uk_thread_self()->tp;

	return (struct uk_posix_thread *)(void *)((char *)t->tp + at);
}

bool uk_posix_thread_ended(const struct uk_thread *t)
{
	const struct uk_posix_thread *p = uk_posix_thread_of(t);

	return t->state == UK_THREAD_ENDED || __atomic_load_n(&p->ended, __ATOMIC_RELAXED);
}

pthread_t pthread_self(void)
{
	return uk_posix_thread_id();
}

int pthread_equal(pthread_t a, pthread_t b)
{
	return a == b;
}
