/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Interrupts are signals: see interrupt.c. */
#pragma once

#include <stdint.h>

#include "cpu.h"

/* Do what is pending. state: the mask of the caller. If that is clear, other threads may run first, and it is clear
 * again at the end; else the mask stays set. Called through `pending`, so that only images with interrupts have it.
 * Context: an ordinary call. */
typedef void uk_linux_deliver_t(unsigned long state);
uk_linux_deliver_t uk_linux_deliver;

/* The signals that are interrupts: of timer and kicks, and of the person at the console. */
enum {
	UK_LINUX_SIGQUIT = 3,
	UK_LINUX_SIGALRM = 14
};

/* Have one of them handled as an interrupt. Context: any. */
void uk_linux_interrupt_init(int signal);

/* The number of this CPU's thread at the host. Context: interrupts masked. */
int uk_linux_tid(struct uk_linux_cpu *c);

/* Something has happened on this CPU: it is dealt with once interrupts are unmasked. Context: interrupts masked. */
void uk_linux_raise(struct uk_linux_cpu *c, uint32_t event);

/* The same for any CPU; it wakes up if it idles. Context: any. */
void uk_linux_cpu_event(unsigned cpu, uint32_t event);

/* The host's timer has fired. Context: interrupt. */
void uk_linux_timer_fired(struct uk_linux_cpu *c);

/* Look at the descriptors, and from then on now and then; look for the first time soon. Context: CPU 0, interrupt;
 * interrupts masked. */
void uk_linux_look(struct uk_linux_cpu *c);
void uk_linux_look_soon(void);

/* From resume.S: where interrupted code goes on after others have run; the places in it where the mask is clear. */
extern char uk_linux_resume[], uk_linux_resume_check[], uk_linux_resume_again[], uk_linux_resume_leave[],
    uk_linux_resume_return[];
/* What it calls to do the rest; on the stack of the interrupted thread, interrupts masked before and after. */
void uk_linux_service(void);
