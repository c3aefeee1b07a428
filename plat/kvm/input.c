/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The serial port COM1, input. Its line is edge-triggered and stays up while the device has a byte, so whoever finds a
 * byte takes all: into a ring, from which readers are served. What finds no room stays in the device, until a reader
 * has made some; the monitor waits. Ring and device are used under `lock`. */

#include <errno.h>
#include <stdbool.h>

#include <uk/base.h>
#include <uk/lock.h>
#include <uk/plat/console.h>
#include <uk/plat/cpu.h>

#include "hooks.h"
#include "io.h"
#include "serial.h"

#define KEY_ATTENTION 0x1c /* Ctrl-\ */

static struct uk_lock lock;
static unsigned char ring[256];
static uint8_t head, tail; /* next to write, next to read; they wrap by themselves */
static bool listening;     /* for the key */
static void (*notify)(void);

/* Move what has arrived to the ring. Whether the key was among it, which is not passed on. */
static bool fill(void)
{
	bool key = false;

	while ((uint8_t)(head + 1) != tail) {
		const uint8_t line = uk_kvm_in8(UK_KVM_COM1 + UK_KVM_COM_LINE);

		if (line == UK_KVM_COM_ABSENT || !(line & UK_KVM_COM_ARRIVED))
			break;
		ring[head] = uk_kvm_in8(UK_KVM_COM1);
		if (listening && ring[head] == KEY_ATTENTION)
			key = true;
		else
			head++;
	}
	return key;
}

static void arrived(void *arg UK_UNUSED)
{
	bool key;

	uk_lock_acquire(&lock);
	key = fill();
	uk_lock_release(&lock);
	if (key && uk_cpu_attention)
		uk_cpu_attention();
	if (notify)
		notify();
}

/* Have input interrupt. Context: the lock is not held. */
static void wake_on_input(void)
{
	static bool done;

	if (done)
		return;
	done = true;
	if (uk_plat_irq_attach(UK_KVM_COM1_LINE, arrived, NULL) < 0)
		return;
	uk_kvm_out8(UK_KVM_COM1 + UK_KVM_COM_FIFO, UK_KVM_COM_FIFO_ON);
	uk_kvm_out8(UK_KVM_COM1 + UK_KVM_COM_MODEM, UK_KVM_COM_MODEM_OUT2 | 3);
	uk_kvm_out8(UK_KVM_COM1 + UK_KVM_COM_ENABLE, UK_KVM_COM_ENABLE_INPUT);
}

/* What is in the ring and the device, as far as there is room. */
static size_t take(char *p, size_t len)
{
	const unsigned long state = uk_lock_acquire_irq(&lock);
	bool key = fill();
	size_t n = 0;

	while (n < len && tail != head) {
		p[n++] = (char)ring[tail++];
		if (tail == head)
			key |= fill();
	}
	uk_lock_release(&lock);
	if (key && uk_cpu_attention)
		uk_cpu_attention();
	uk_plat_irq_restore(state);
	return n;
}

ssize_t uk_plat_console_read(void *buf, size_t len)
{
	size_t n;

	if (uk_kvm_in8(UK_KVM_COM1 + UK_KVM_COM_LINE) == UK_KVM_COM_ABSENT)
		return 0;
	n = take(buf, len);
	if (n > 0 || len == 0)
		return (ssize_t)n;
	wake_on_input();
	/* What arrived before the interrupt was enabled raised no edge. */
	n = take(buf, len);
	return n > 0 ? (ssize_t)n : -EAGAIN;
}

bool uk_plat_console_notify(void (*function)(void))
{
	notify = function;
	wake_on_input();
	return true;
}

void uk_plat_attention(void)
{
	listening = true;
	wake_on_input();
}
