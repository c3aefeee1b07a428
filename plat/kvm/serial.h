/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Registers of the serial port (16550 data sheet), as offsets from its base. */
#pragma once

#define UK_KVM_COM1 0x3f8
#define UK_KVM_COM1_LINE 4 /* interrupt line */

#define UK_KVM_COM_ENABLE 1 /* interrupts: */
#define UK_KVM_COM_ENABLE_INPUT 1
#define UK_KVM_COM_FIFO 2
#define UK_KVM_COM_FIFO_ON 1
#define UK_KVM_COM_MODEM 4
#define UK_KVM_COM_MODEM_OUT2 8 /* lets the interrupt through to the line on a PC */
#define UK_KVM_COM_LINE 5       /* status: */
#define UK_KVM_COM_ARRIVED 0x01
#define UK_KVM_COM_SENT 0x20
#define UK_KVM_COM_ABSENT 0xff /* what a port reads as where there is none */
