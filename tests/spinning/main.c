/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <uk/base.h>
#include <uk/thread.h>

#define LIFE 20000000000ull /* ns, in case nobody ends it */

static volatile unsigned long rounds;

static void *sleep_for_ever(void *arg)
{
	uk_wait_until(UK_WAIT_FOREVER);
	return arg;
}

static void __attribute__((noinline)) spin_for_ever(void)
{
	for (;;)
		rounds++;
}

static void *never_stop(void *arg)
{
	spin_for_ever();
	return arg;
}

int main(void)
{
	const struct uk_thread_attr sleeper = {.name = "sleeper"}, spinner = {.name = "spinner"};
	struct uk_thread *t;

	if (uk_thread_create(&t, &sleeper, sleep_for_ever, NULL) || uk_thread_create(&t, &spinner, never_stop, NULL))
		return 1;
	uk_wait_until(uk_plat_time_ns() + LIFE);
	return 0;
}
