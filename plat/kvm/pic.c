/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The two 8259A interrupt controllers (data sheet): switched off where there is a local APIC, else in its place. */

#include <errno.h>

#include "io.h"
#include "irq.h"

#define PIC1 0x20 /* command; data is the next port */
#define PIC2 0xa0
#define LINES 16
#define CASCADE 2 /* the line of the first that the second is at */

#define ICW1_BEGIN 0x11 /* four words follow */
#define ICW4_8086 0x01
#define OCW2_EOI 0x20
#define OCW3_READ_SERVICE 0x0b

static uint16_t masked = 0xffff;

static void write_masks(void)
{
	uk_kvm_out8(PIC1 + 1, (uint8_t)masked);
	uk_kvm_out8(PIC2 + 1, (uint8_t)(masked >> 8));
}

static void begin(uint16_t port, uint8_t vector, uint8_t cascade)
{
	uk_kvm_out8(port, ICW1_BEGIN);
	uk_kvm_out8(port + 1, vector);
	uk_kvm_out8(port + 1, cascade);
	uk_kvm_out8(port + 1, ICW4_8086);
}

void uk_kvm_pic_start(bool use)
{
	/* Firmware leaves them on, with vectors that mean exceptions here. */
	if (use) {
		begin(PIC1, UK_KVM_VECTOR_BASE, 1 << CASCADE);
		begin(PIC2, UK_KVM_VECTOR_BASE + LINES / 2, CASCADE);
	}
	write_masks();
}

int uk_kvm_pic_set(unsigned line, bool on)
{
	if (line >= LINES || line == CASCADE)
		return -EINVAL;
	masked = (uint16_t)(on ? masked & ~(1u << line) : masked | 1u << line);
	if (masked >> 8 != 0xff)
		masked &= (uint16_t) ~(1u << CASCADE);
	write_masks();
	return 0;
}

bool uk_kvm_pic_genuine(unsigned line)
{
	const uint16_t port = line < LINES / 2 ? PIC1 : PIC2;

	if (line % (LINES / 2) != LINES / 2 - 1)
		return true;
	uk_kvm_out8(port, OCW3_READ_SERVICE);
	if (uk_kvm_in8(port) & 0x80)
		return true;
	if (port == PIC2) /* the first one cannot know */
		uk_kvm_out8(PIC1, OCW2_EOI);
	return false;
}

void uk_kvm_pic_eoi(unsigned line)
{
	if (line >= LINES / 2)
		uk_kvm_out8(PIC2, OCW2_EOI);
	uk_kvm_out8(PIC1, OCW2_EOI);
}
