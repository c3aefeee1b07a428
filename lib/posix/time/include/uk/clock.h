/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What other libraries need of POSIX clocks; programs use <time.h>. */
#pragma once

#include <sys/types.h>

struct uk_thread;

/* The CPU-time clock of a thread, for pthread_getcpuclockid(): valid until the thread has ended, EINVAL then.
 * Context: any, in images with sched/thread. */
clockid_t uk_time_thread_clock(const struct uk_thread *t);

/* Called by each POSIX thread that ends, so that the CPU-time of the process keeps its share. Context: a thread. */
void uk_time_thread_exit(void);
