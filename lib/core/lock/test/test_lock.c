/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <uk/base.h>
#include <uk/lock.h>
#include <uk/test.h>

static struct uk_lock lock = UK_LOCK_INIT;

UK_TEST(lock, excludes_where_there_are_several_cpus)
{
	uk_lock_acquire(&lock);
	UK_CHECK_EQ(uk_lock_try(&lock), !UK_ENABLED(CORE_LOCK_SMP));
	uk_lock_release(&lock);
	UK_CHECK(uk_lock_try(&lock));
	uk_lock_release(&lock);
}

UK_TEST(lock, irq_state_nests)
{
	static struct uk_lock other = UK_LOCK_INIT;
	unsigned long a = uk_lock_acquire_irq(&lock), b = uk_lock_acquire_irq(&other);

	uk_lock_release_irq(&other, b);
	uk_lock_release_irq(&lock, a);
	b = uk_plat_irq_save();
	uk_plat_irq_restore(b);
	UK_CHECK_EQ(a, b);
}
