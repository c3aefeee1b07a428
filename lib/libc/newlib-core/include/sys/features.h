/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Which optional parts of POSIX the headers show. */
#ifndef UK_SYS_FEATURES_H
#define UK_SYS_FEATURES_H

#include_next <sys/features.h>

#define _POSIX_VERSION 200809L
#define _POSIX_TIMERS 200809L
#define _POSIX_MONOTONIC_CLOCK 200809L
#define _POSIX_CLOCK_SELECTION 200809L
#define _POSIX_CPUTIME 200809L
#define _POSIX_THREAD_CPUTIME 200809L
#define _POSIX_TIMEOUTS 200809L
#define _POSIX_REALTIME_SIGNALS 200809L

/* newlib's own sources must not see that there are threads: each stdio call would switch cancellation off and on, and
 * an image without posix/thread could not be linked. Here, stdio is never cancelled (POSIX leaves that open). */
#ifndef _COMPILING_NEWLIB
#define _POSIX_BARRIERS 200809L
#define _POSIX_PRIORITY_SCHEDULING 200809L
#define _POSIX_READER_WRITER_LOCKS 200809L
#define _POSIX_SEMAPHORES 200809L
#define _POSIX_SPIN_LOCKS 200809L
#define _POSIX_THREADS 200809L
#define _POSIX_THREAD_ATTR_STACKADDR 200809L
#define _POSIX_THREAD_ATTR_STACKSIZE 200809L
#define _POSIX_THREAD_PRIORITY_SCHEDULING 200809L
#define _POSIX_THREAD_PRIO_INHERIT 200809L
#define _POSIX_THREAD_PRIO_PROTECT 200809L
#define _POSIX_THREAD_PROCESS_SHARED 200809L
#define _POSIX_THREAD_SAFE_FUNCTIONS 200809L
#endif

#endif
