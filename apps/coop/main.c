/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* apps/hello by two threads of the cooperative scheduler: they take turns, wait for each other and are joined. What its
 * image is larger than hello's is what threads cost. */

#include <stdbool.h>
#include <stdio.h>

#include <uk/thread.h>

static struct uk_wait_queue queue = UK_WAIT_QUEUE_INIT(queue);
static bool greeted;

static void *say_hello(void *arg)
{
	puts("Hello, ");
	uk_thread_yield();
	greeted = true;
	uk_wait_wake(&queue);
	return arg;
}

static void *say_world(void *arg)
{
	uk_wait(&queue, greeted, UK_WAIT_FOREVER);
	puts("world!");
	return arg;
}

int main(int argc, char **argv)
{
	struct uk_thread *hello, *world;

	if (uk_thread_create(&world, NULL, say_world, NULL) || uk_thread_create(&hello, NULL, say_hello, NULL))
		return 1;
	uk_thread_join(hello, NULL, UK_WAIT_FOREVER, false);
	uk_thread_join(world, NULL, UK_WAIT_FOREVER, false);
	for (int i = 1; i < argc; i++)
		puts(argv[i]);
	return 0;
}
