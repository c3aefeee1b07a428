/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* A CPU as the policies see it, with a simulated clock and tasks instead of threads. It treats them as schedule() and
 * the timer of sched/thread do. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/sched.h>

#define UK_THREAD_SIM_TASKS 32
#define UK_THREAD_SIM_QUEUE 4096 /* bytes of a policy's queue, at most */

struct uk_thread_sim;

struct uk_thread_sim_task {
	struct uk_sched_entity entity;
	/* Its work is done: give it more (left), and have it sleep() or yield(). NULL: it works for ever. */
	void (*done)(struct uk_thread_sim *s, struct uk_thread_sim_task *t);
	uint64_t left;            /* ns of work */
	uint64_t wake_at;         /* if it sleeps */
	uint64_t got;             /* ns that it has run */
	uint64_t since, waited;   /* ready without running: since when, and for how long at most */
	uint64_t begun, runtime;  /* of the tests: begin of the present period, work in it */
	uint64_t missed, periods; /* of the tests: as they count them */
	bool sleeps;
};

struct uk_thread_sim {
	const struct uk_sched_ops *ops;
	uint64_t now;
	struct uk_thread_sim_task tasks[UK_THREAD_SIM_TASKS];
	unsigned count;
	struct uk_thread_sim_task *running;
	uint64_t slice_end, switches;
	uint32_t random;
	_Alignas(64) char queue[UK_THREAD_SIM_QUEUE];
};

/* Begin with an empty CPU at time 1 s. */
void uk_thread_sim_init(struct uk_thread_sim *s, const struct uk_sched_ops *ops, uint32_t seed);

/* A new task that begins at wake_at and first has work to do for `left` ns. */
struct uk_thread_sim_task *uk_thread_sim_task(struct uk_thread_sim *s, const struct uk_sched_params *params,
					      uint64_t wake_at, uint64_t left);

/* Run until a time. */
void uk_thread_sim_run(struct uk_thread_sim *s, uint64_t until);

/* Called in done(): the task sleeps until a time, or yields. */
void uk_thread_sim_sleep(struct uk_thread_sim *s, struct uk_thread_sim_task *t, uint64_t until);
void uk_thread_sim_yield(struct uk_thread_sim *s, struct uk_thread_sim_task *t);

/* A random number below n. */
uint32_t uk_thread_sim_random(uint32_t *state, uint32_t n);

/* Where the random numbers begin: the parameter sched.test.seed. */
uint32_t uk_thread_sim_seed(void);
