/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The serial port COM1, input. The interrupt only ends uk_plat_idle(): bytes stay in the device until they are read.
 * Its line is edge-triggered and stays up while there is input, so a reader must have found none before it idles. */

#include <errno.h>
#include <stdbool.h>

#include <uk/base.h>
#include <uk/plat/console.h>
#include <uk/plat/cpu.h>

#include "io.h"
#include "serial.h"

static void arrived(void *arg UK_UNUSED)
{
}

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

ssize_t uk_plat_console_read(void *buf, size_t len)
{
	char *p = buf;
	size_t n = 0;
	uint8_t line = uk_kvm_in8(UK_KVM_COM1 + UK_KVM_COM_LINE);

	if (line == UK_KVM_COM_ABSENT)
		return 0;
	while (n < len && (line & UK_KVM_COM_ARRIVED)) {
		p[n++] = (char)uk_kvm_in8(UK_KVM_COM1);
		line = uk_kvm_in8(UK_KVM_COM1 + UK_KVM_COM_LINE);
	}
	if (n > 0 || len == 0)
		return (ssize_t)n;
	wake_on_input();
	/* What arrived before the interrupt was enabled raised no edge. */
	return uk_kvm_in8(UK_KVM_COM1 + UK_KVM_COM_LINE) & UK_KVM_COM_ARRIVED ? uk_plat_console_read(buf, len)
									      : -EAGAIN;
}
