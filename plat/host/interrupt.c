/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Interrupts at given places only: where they are unmasked, and while idle. A timer of the build machine's sets a flag
 * and nothing else, so threads that never unmask are not preempted, and sanitizers see ordinary calls. */

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include <uk/base.h>
#include <uk/plat/cpu.h>
#include <uk/plat/irq.h>
#include <uk/plat/time.h>

#include "host.h"

#define NS_PER_S UINT64_C(1000000000)
#define NEVER UINT64_MAX

UK_WEAK void uk_cpu_timer(void);
UK_WEAK void uk_cpu_kicked(void);
UK_WEAK _Bool uk_cpu_preempt_wanted(void);
UK_WEAK void uk_cpu_preempt(void);

static unsigned long masked;
static volatile sig_atomic_t pending; /* something may have happened */
static bool kicked;
static uint64_t timer = NEVER; /* when uk_cpu_timer() is to be called */
static uint64_t handled;

/* Interrupts masked. */
static void handle(void)
{
	pending = 0;
	if (timer != NEVER && uk_plat_time_ns() >= timer) {
		timer = NEVER;
		handled++;
		if (uk_cpu_timer)
			uk_cpu_timer();
	}
	if (kicked) {
		kicked = false;
		handled++;
		if (uk_cpu_kicked)
			uk_cpu_kicked();
	}
}

unsigned long uk_plat_irq_save(void)
{
	unsigned long state = masked;

	masked = 1;
	return state;
}

void uk_plat_irq_restore(unsigned long state)
{
	masked = state;
	while (pending && !masked) {
		masked = 1;
		handle();
		if (uk_cpu_preempt_wanted && uk_cpu_preempt_wanted())
			uk_cpu_preempt();
		masked = 0;
	}
}

void uk_plat_irq_enable(void)
{
	uk_plat_irq_restore(0);
}

void uk_plat_cpu_kick(unsigned cpu UK_UNUSED)
{
	unsigned long state = uk_plat_irq_save();

	kicked = true;
	pending = 1;
	uk_plat_irq_restore(state);
}

static void on_timer(int signal UK_UNUSED)
{
	pending = 1;
}

/* A signal that neither libFuzzer nor the C library uses. */
static timer_t make_timer(void)
{
	struct sigaction action = {.sa_handler = on_timer, .sa_flags = SA_RESTART};
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN};
	timer_t made = NULL;

	sigaction(SIGRTMIN, &action, NULL);
	timer_create(CLOCK_MONOTONIC, &event, &made);
	return made;
}

void uk_plat_timer(uint64_t deadline)
{
	static timer_t host;
	static bool made;
	const uint64_t at = deadline == NEVER ? 0 : UK_MAX(deadline, UINT64_C(1));
	const struct itimerspec setting = {.it_value = {(time_t)(at / NS_PER_S), (long)(at % NS_PER_S)}};

	if (!made)
		host = make_timer();
	made = true;
	timer = deadline;
	timer_settime(host, TIMER_ABSTIME, &setting, NULL);
}

void uk_plat_idle(uint64_t deadline)
{
	if (!pending)
		uk_host_sleep(UK_MIN(deadline, timer));
	handle();
}

void uk_plat_irq_counts(struct uk_plat_irq_counts *counts)
{
	*counts = (struct uk_plat_irq_counts){.handled = handled};
}
