/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <uk/base.h>
#include <uk/lock.h>
#include <uk/plat/time.h>
#include <uk/test.h>

static struct uk_lock lock = UK_LOCK_INIT;

UK_TEST(lock, excludes_where_there_are_several_cpus)
{
	uk_lock_acquire(&lock);
	UK_CHECK_EQ(uk_lock_try(&lock), !UK_SMP);
	uk_lock_release(&lock);
	UK_CHECK(uk_lock_try(&lock));
	uk_lock_release(&lock);
}

/* The state is opaque: that the pairs nest shows in the clock's interrupt still coming. */
UK_TEST(lock, irq_pairs_nest)
{
	static struct uk_lock other = UK_LOCK_INIT;
	uint64_t deadline = uk_plat_time_ns() + 1000000;
	unsigned long a = uk_lock_acquire_irq(&lock), b = uk_lock_acquire_irq(&other);

	uk_lock_release_irq(&other, b);
	uk_lock_release_irq(&lock, a);
	a = uk_plat_irq_save();
	while (uk_plat_time_ns() < deadline)
		uk_plat_idle(deadline);
	uk_plat_irq_restore(a);
	UK_CHECK(uk_lock_try(&lock));
	uk_lock_release(&lock);
}
