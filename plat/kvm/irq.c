/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Interrupts: the vectors and the dispatch to handlers. The table of handlers is changed under `lines`, with interrupts
 * masked; it is read without, since an entry is complete before its line is unmasked. */

#include <errno.h>
#include <string.h>

#include <uk/arch/cpu.h>
#include <uk/arch/switch.h>
#include <uk/plat/console.h>

#include "hooks.h"
#include "irq.h"
#include "kvm.h"
#include "percpu.h"

#define STORM_GAP 20000 /* cycles: an interrupt that comes later than that is a new one */

struct uk_kvm_handler uk_kvm_handlers[UK_KVM_IRQS];

static struct uk_kvm_gate gates[UK_KVM_VECTOR_BASE + UK_KVM_IRQS];
static struct uk_lock lines;
static bool ready;

static int line_set(unsigned line, bool on)
{
	return uk_kvm_lapic_on() ? uk_kvm_ioapic_set(line, on) : uk_kvm_pic_set(line, on);
}

static void mask_storm(struct uk_kvm_cpu *cpu, unsigned line)
{
	static const char text[] = "interrupt storm: a line never goes quiet and is masked: ";
	const char number[] = {(char)('0' + line / 10), (char)('0' + line % 10), '\n'};

	cpu->storm.length = 0;
	cpu->counts.storms++;
	uk_lock_acquire(&lines);
	line_set(line, false);
	uk_lock_release(&lines);
	uk_plat_console_write(text, sizeof(text) - 1);
	uk_plat_console_write(number, sizeof(number));
}

/* Whether a line has interrupted the same instruction once more, at once: it is not getting quiet. */
static bool again(struct uk_kvm_storm *s, unsigned line, const struct uk_kvm_frame *at)
{
	if (s->line == line && s->rip == at->rip && s->rsp == at->rsp && uk_arch_cycles() - s->left < STORM_GAP)
		return true;
	*s = (struct uk_kvm_storm){.line = line, .rip = at->rip, .rsp = at->rsp};
	return false;
}

/* Call the handler; whether there is one. */
static bool handle(unsigned irq)
{
	const struct uk_kvm_handler h = uk_kvm_handlers[irq];

	if (h.function)
		h.function(h.arg);
	return h.function;
}

static void handle_line(struct uk_kvm_cpu *cpu, unsigned line, const struct uk_kvm_frame *at)
{
	struct uk_kvm_storm *s = &cpu->storm;
	const bool repeated = again(s, line, at);

	if (handle(line))
		cpu->counts.handled++;
	else
		cpu->counts.unhandled++;
	s->length += repeated;
	s->left = uk_arch_cycles();
	if (s->length >= UK_PLAT_IRQ_STORM)
		mask_storm(cpu, line);
}

void uk_kvm_irq(unsigned irq, const struct uk_kvm_frame *at)
{
	struct uk_kvm_cpu *cpu = uk_kvm_this();

	if (irq == UK_KVM_IRQ_SPURIOUS || (!uk_kvm_lapic_on() && !uk_kvm_pic_genuine(irq))) {
		cpu->counts.spurious++;
		return;
	}
	if (irq < UK_KVM_LINES)
		handle_line(cpu, irq, at);
	else if (handle(irq))
		cpu->counts.handled++;
	else
		cpu->counts.unhandled++;
	if (uk_kvm_lapic_on())
		uk_kvm_lapic_eoi();
	else
		uk_kvm_pic_eoi(irq);
	if (!cpu->idle && uk_cpu_preempt_wanted && uk_cpu_preempt_wanted())
		uk_arch_vector_call(uk_cpu_preempt);
}

void uk_kvm_irq_gate(unsigned irq, const char *entry)
{
	uk_kvm_gate_set(&gates[UK_KVM_VECTOR_BASE + irq], entry, 0);
}

static void nothing(void *arg UK_UNUSED)
{
}

void uk_kvm_irq_init(void)
{
	if (ready)
		return;
	ready = true;
	memcpy(gates, uk_kvm_gates, sizeof(uk_kvm_gates));
	for (unsigned i = 0; i < UK_KVM_IRQ_MSI; i++)
		uk_kvm_irq_gate(i, uk_kvm_irq_entries + 8 * i);
	uk_kvm_idt_load(gates, sizeof(gates));
	uk_kvm_handlers[UK_KVM_IRQ_TIMER].function = nothing; /* that it ends uk_plat_idle() may be all */
	uk_kvm_pic_start(!uk_kvm_lapic_start());
	uk_kvm_this()->apic_id = uk_kvm_lapic_id();
}

void uk_plat_irq_enable(void)
{
	uk_plat_irq_save();
	uk_kvm_irq_init(); /* the firmware's vectors would be taken for exceptions */
	__asm__ volatile("sti" : : : "memory");
}

int uk_plat_irq_attach(unsigned irq, void (*handler)(void *arg), void *arg)
{
	unsigned long state;
	int err;

	if (irq >= UK_KVM_LINES)
		return -EINVAL;
	state = uk_lock_acquire_irq(&lines);
	uk_kvm_irq_init();
	if (handler && uk_kvm_handlers[irq].function) {
		err = -EBUSY;
	} else {
		uk_kvm_handlers[irq].arg = arg;
		uk_arch_wmb();
		uk_kvm_handlers[irq].function = handler;
		err = line_set(irq, handler != NULL);
		if (err)
			uk_kvm_handlers[irq].function = NULL;
	}
	uk_lock_release_irq(&lines, state);
	return err;
}
