/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Types of <pthread.h>, with the sizes that they have on Linux x86_64. What is in them is the implementation's; all
 * zero is an initialised object of each kind, as the static initialisers have it. */
#pragma once

#include <sys/sched.h>

typedef unsigned long pthread_t; /* see posix/thread: where the thread is, and which it is of all that were there */
typedef unsigned int pthread_key_t;
typedef int pthread_once_t;
typedef volatile int pthread_spinlock_t;

typedef union {
	unsigned long uk_space[5];
	char uk_size[40];
} pthread_mutex_t;

typedef union {
	unsigned long uk_space[6];
	char uk_size[48];
} pthread_cond_t;

typedef union {
	unsigned long uk_space[7];
	char uk_size[56];
} pthread_rwlock_t;

typedef union {
	unsigned long uk_space[4];
	char uk_size[32];
} pthread_barrier_t;

typedef union {
	unsigned long uk_space[7];
	char uk_size[56];
} pthread_attr_t;

typedef union {
	int uk_value;
} pthread_mutexattr_t;

typedef union {
	int uk_value;
} pthread_condattr_t;

typedef union {
	int uk_value;
} pthread_barrierattr_t;

typedef union {
	int uk_value[2];
} pthread_rwlockattr_t;
