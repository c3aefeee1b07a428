/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Limits: Linux' values (include/uapi/linux/limits.h). */
#pragma once

#define ARG_MAX 131072
#define LINK_MAX 127
#define MAX_CANON 255
#define MAX_INPUT 255
#define NAME_MAX 255
#define NGROUPS_MAX 65536
#define OPEN_MAX 1024
#define PATH_MAX 4096
#define PIPE_BUF 4096
#define IOV_MAX 1024
#define LINE_MAX 2048
#define RE_DUP_MAX 255
#define COLL_WEIGHTS_MAX 0
#define EXPR_NEST_MAX 32
#define BC_BASE_MAX 99
#define BC_DIM_MAX 2048
#define BC_SCALE_MAX 99
#define BC_STRING_MAX 1000

/* Threads and semaphores: what posix/thread has, and what POSIX.1-2017 <limits.h> wants at the least. */
#define PTHREAD_DESTRUCTOR_ITERATIONS 4
#define PTHREAD_KEYS_MAX 1024
#define PTHREAD_STACK_MIN 8192
#define SEM_VALUE_MAX 2147483647
#define _POSIX_THREAD_DESTRUCTOR_ITERATIONS 4
#define _POSIX_THREAD_KEYS_MAX 128
#define _POSIX_THREAD_THREADS_MAX 64
#define _POSIX_SEM_NSEMS_MAX 256
#define _POSIX_SEM_VALUE_MAX 32767

/* Signals, timers and clocks, likewise: posix/signal, posix/time. */
#define RTSIG_MAX 33
#define SIGQUEUE_MAX 128
#define TIMER_MAX 64
#define DELAYTIMER_MAX 2147483647
#define _POSIX_RTSIG_MAX 8
#define _POSIX_SIGQUEUE_MAX 32
#define _POSIX_TIMER_MAX 32
#define _POSIX_DELAYTIMER_MAX 32
#define _POSIX_CLOCKRES_MIN 20000000
