/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What SCHED_LOCK_DEBUG offers. Mutexes and the writers of read-write locks are watched. */
#pragma once

#include <sched/lock/config.h>

/* Print the locks that are held: which, since where in the code, by whom; how many there are. 0 without
 * SCHED_LOCK_DEBUG. Context: any. */
unsigned uk_lock_report(void);

/* How many errors have been reported: unlocked by a thread that does not hold it, destroyed while held, held at the end
 * of its thread. 0 without SCHED_LOCK_DEBUG. Context: any. */
unsigned uk_lock_errors(void);

/* Called by the scheduler, where it is linked, as a thread's last act: report what the calling thread still holds. */
void uk_lock_thread_ends(void);

/* Init entry, level SCHED, and its end: reports what is held when the system ends. */
int uk_lock_debug_init(void);
void uk_lock_debug_fini(void);
