/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The end: each way is followed by the next, for a monitor that does not know it. */

#include <uk/lock.h>
#include <uk/plat/boot.h>

#include "io.h"
#include "kvm.h"
#include "smp.h"

#define PORT_DEBUG_EXIT 0xf4 /* QEMU's isa-debug-exit: it ends with 2 * status + 1 */
#define PORT_PM1A_CONTROL 0x604
#define PM1_SLEEP_S5 0x2000 /* ACPI 5.0, 4.8.3.2.1, with the sleep type of QEMU's tables */

_Noreturn void uk_plat_exit(int status)
{
	static const char no_table[10];

	__asm__ volatile("cli");
	uk_kvm_out8(PORT_DEBUG_EXIT, (uint8_t)status);
	uk_kvm_out16(PORT_PM1A_CONTROL, PM1_SLEEP_S5);
	/* Without exception entries a page fault is a double and then a triple fault, which resets the machine. */
	__asm__ volatile("lidt %0" : : "m"(no_table));
	for (;;)
		__asm__ volatile("movb $0, 0");
}

_Noreturn void uk_plat_crash(void)
{
	if (UK_SMP)
		uk_kvm_smp_stop(); /* or they would go on until the machine has noticed */
	uk_plat_exit(UK_PLAT_CRASH_STATUS);
}
