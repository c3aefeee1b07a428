/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* For the tests with several threads: they are started and joined together, let others run at random moments, and count
 * what is wrong, since only the case's own thread may report it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/test.h>
#include <uk/thread.h>

#define CREW_MAX 16
#define US 1000ull
#define MS 1000000ull

struct crew_member {
	struct uk_thread *thread;
	void (*body)(struct crew_member *self);
	unsigned number;
	uint32_t random;
	unsigned done; /* for the test */
};

struct crew {
	struct crew_member members[CREW_MAX];
	unsigned count;
};

/* What threads have found wrong since crew_start(). */
static unsigned crew_errors;

/* In a thread: count an error unless it holds. */
#define CREW_CHECK(cond)                                                                                               \
	do {                                                                                                           \
		if (!(cond))                                                                                           \
			__atomic_fetch_add(&crew_errors, 1, __ATOMIC_RELAXED);                                         \
	} while (0)

static inline void *crew_begin(void *arg)
{
	struct crew_member *self = arg;

	self->body(self);
	return NULL;
}

/* Add `count` threads that run body. Context: the case. */
static inline void crew_add(struct crew *crew, unsigned count, void (*body)(struct crew_member *self))
{
	static const struct uk_thread_attr attr = {.name = "crew"};

	for (unsigned i = 0; i < count; i++) {
		struct crew_member *m = &crew->members[crew->count];

		UK_REQUIRE(crew->count < CREW_MAX);
		*m = (struct crew_member){.body = body, .number = crew->count};
		m->random = (crew->count + 1) * 2654435761u;
		UK_REQUIRE(!uk_thread_create(&m->thread, &attr, crew_begin, m));
		crew->count++;
	}
}

/* Wait until all have ended, check that they found no error. Context: the case. */
static inline void crew_join(struct crew *crew)
{
	for (unsigned i = 0; i < crew->count; i++)
		UK_CHECK_EQ(uk_thread_join(crew->members[i].thread, NULL, UK_WAIT_FOREVER, false), 0);
	crew->count = 0;
	UK_CHECK_EQ(crew_errors, 0);
	crew_errors = 0;
}

/* A random number below n (xorshift). Context: the thread itself. */
static inline uint32_t crew_random(struct crew_member *self, uint32_t n)
{
	uint32_t x = self->random;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	self->random = x;
	return (uint32_t)((uint64_t)x * n >> 32);
}

/* Now and then let others run. Context: the thread itself. */
static inline void crew_stumble(struct crew_member *self)
{
	if (!crew_random(self, 3))
		uk_thread_yield();
}

/* Let others run until it holds, 10 s at most: whether it does. Context: the case. */
#define CREW_UNTIL(cond)                                                                                               \
	__extension__({                                                                                                \
		const uint64_t crew_end_ = uk_wait_in(10000 * MS);                                                     \
		while (!(cond) && uk_plat_time_ns() < crew_end_)                                                       \
			uk_wait_until(uk_wait_in(50 * US));                                                            \
		(cond);                                                                                                \
	})
