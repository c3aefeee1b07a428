/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The serial port COM1, output (16550 data sheet). Speed and frame are left as they are: they mean nothing to the
 * serial port of a monitor, and each register set is an exit. */

#include <errno.h>
#include <stdbool.h>

#include <uk/arch/cpu.h>
#include <uk/base.h>
#include <uk/lock.h>
#include <uk/plat/console.h>

#include "io.h"
#include "serial.h"

#define FIFO_SIZE 16
#define PATIENCE 10000000 /* spins */

/* The room in the device is for one CPU. Whoever waits very long goes on without: the holder may have been stopped by a
 * panic, or have panicked itself. */
static bool take(struct uk_lock *l)
{
	unsigned spins = 0;

	while (!uk_lock_try(l))
		if (spins++ > PATIENCE)
			return false;
		else
			uk_arch_pause();
	return true;
}

static ssize_t write_all(const char *p, size_t len)
{
	static bool ready;
	size_t left = len;

	if (!ready)
		uk_kvm_out8(UK_KVM_COM1 + UK_KVM_COM_FIFO, UK_KVM_COM_FIFO_ON);
	ready = true;
	while (left > 0) {
		const size_t burst = UK_MIN(left, (size_t)FIFO_SIZE);
		const uint8_t line = uk_kvm_in8(UK_KVM_COM1 + UK_KVM_COM_LINE);

		if (line == UK_KVM_COM_ABSENT)
			return -EIO;
		if (line & UK_KVM_COM_SENT) {
			uk_kvm_out8_string(UK_KVM_COM1, p, burst);
			p += burst;
			left -= burst;
		}
	}
	return (ssize_t)len;
}

ssize_t uk_plat_console_write(const void *buf, size_t len)
{
	static struct uk_lock lock;
	unsigned long state;
	ssize_t n;
	bool mine;

	if (!UK_SMP)
		return write_all(buf, len);
	state = uk_plat_irq_save();
	mine = take(&lock);
	n = write_all(buf, len);
	if (mine)
		uk_lock_release(&lock);
	uk_plat_irq_restore(state);
	return n;
}
