/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Scheduling policies. A policy is a folder that fills in struct uk_sched_ops and registers it with
 * UK_SCHED_PROVIDER(); threads, waiting, timers and CPUs are sched/thread's.
 *
 * Each CPU has a queue of its own with the entities that could run there but do not; the one that runs is in none. The
 * caller holds the queue's lock with interrupts masked around every operation; none may wait or allocate. Times are
 * nanoseconds of uk_plat_time_ns(). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/list.h>
#include <uk/pqueue.h>
#include <uk/set.h>

/* Priorities: 0, which is the default, to UK_SCHED_PRIORITIES - 1; larger is more urgent. */
#define UK_SCHED_PRIORITIES 64

/* What may be asked for an entity; all zero is an ordinary one. The three times are for policies with deadlines:
 * in every period ns it gets runtime ns of a CPU, done within deadline ns of the period's begin (0: the period).
 * period 0: no reservation, runs when no reservation needs the CPU. */
struct uk_sched_params {
	unsigned priority;
	bool fifo; /* runs among those of its priority until it waits or yields */
	uint64_t runtime, deadline, period;
};

/* What a policy sees of a thread. All zero but params at first. */
struct uk_sched_entity {
	struct uk_sched_params params; /* changed by the caller only, while the entity is in no queue */
	/* For the policies, to use as they like: */
	struct uk_list link;
	struct uk_pqueue_node node;
	uint64_t vtime;    /* weighted time it has run */
	uint64_t deadline; /* absolute, of the present period */
	int64_t budget;    /* ns left in the present period */
	uint64_t misses;   /* periods that were done after their deadline */
};

/* Why an entity is put into a queue. */
enum uk_sched_why {
	UK_SCHED_NEW,     /* it begins */
	UK_SCHED_WAKE,    /* what it waited for has come */
	UK_SCHED_YIELD,   /* it ran, and lets the others go first */
	UK_SCHED_PREEMPT, /* it ran, and its time is over, or somebody more urgent came */
	UK_SCHED_MOVED,   /* it comes from another CPU's queue, where steal or remove took it out */
};

struct uk_sched_ops {
	const char *name;  /* as on the command line: "rr" */
	bool preemptive;   /* threads are interrupted when slice is over or before says so */
	bool timed;        /* the `now` of the operations is the time; else it is 0, which is cheaper */
	size_t queue_size; /* bytes of a CPU's queue, cleared to zero, then init is called */
	void (*init)(void *queue);

	/* May an entity with these parameters begin (or change to them; `old` is NULL for a new one), given what runs
	 * on `cpus` CPUs? 0, and what it reserves is reserved; -EBUSY if there is not so much; -EINVAL for nonsense.
	 * NULL: everything may. Called under one lock for all queues. */
	int (*admit)(const struct uk_sched_params *old, const struct uk_sched_params *params, unsigned cpus);
	/* An entity has ended: what it had reserved is free again. NULL: nothing to do. Called as admit. */
	void (*leave)(const struct uk_sched_params *params);

	/* Put an entity that is in no queue into this one. */
	void (*add)(void *queue, struct uk_sched_entity *e, enum uk_sched_why why, uint64_t now);
	/* Take out the one that is to run now; NULL if the queue is empty. */
	struct uk_sched_entity *(*pick)(void *queue, uint64_t now);
	/* Take out an entity that is in this queue. */
	void (*remove)(void *queue, struct uk_sched_entity *e);
	/* Take out one that may run on another CPU, which has nothing to do, as may(e, arg) says; NULL if there is
	 * none. */
	struct uk_sched_entity *(*steal)(void *queue, bool (*may)(struct uk_sched_entity *e, void *arg), void *arg);

	/* Should the entity, which was just put into the queue, run instead of the one that is running? */
	bool (*before)(const void *queue, const struct uk_sched_entity *e, const struct uk_sched_entity *running);
	/* How many ns the running entity may run on before another of the queue gets its turn: UINT64_MAX for no limit.
	 */
	uint64_t (*slice)(const void *queue, const struct uk_sched_entity *running);
	/* The running entity has run for ns since this was last called. NULL if that does not matter. */
	void (*ran)(void *queue, struct uk_sched_entity *running, uint64_t ns);
	/* The running entity has done what it had to in this period: count a missed deadline; returns when its next
	 * period begins. NULL, or 0: there are no periods. */
	uint64_t (*next_period)(void *queue, struct uk_sched_entity *running, uint64_t now);
};

/* A policy as registered. */
struct uk_sched_provider {
	const struct uk_sched_ops *ops;
	int chosen; /* it is the default of the configuration */
};

/* At file scope of a policy: UK_SCHED_PROVIDER(uk_rr_ops, UK_ENABLED(SCHED_RR_DEFAULT)). */
#define UK_SCHED_PROVIDER(object, is_default)                                                                          \
	static const struct uk_sched_provider object##_provider = {&(object), is_default};                             \
	UK_SET_ADD(sched, struct uk_sched_provider, object##_provider)

/* The policy of this name, or NULL if it is not built in; the one in use, valid from level SCHED on. Context: any. */
const struct uk_sched_ops *uk_sched_find(const char *name);
const struct uk_sched_ops *uk_sched_current(void);
