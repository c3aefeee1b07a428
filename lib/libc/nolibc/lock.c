/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* A stream's lock: whoever finds it taken waits on its queue. */
#include "file.h"

#if CONFIG_LIBC_NOLIBC_LOCK
void uk_nolibc_take(FILE *file)
{
	uk_wait(&file->queue, !file->locked && (file->locked = true), UK_WAIT_FOREVER);
}

void uk_nolibc_give(FILE *file)
{
	unsigned long state = uk_lock_acquire_irq(&file->queue.lock);

	file->locked = false;
	uk_wait_wake_one_locked(&file->queue);
	uk_lock_release_irq(&file->queue.lock, state);
}
#endif
