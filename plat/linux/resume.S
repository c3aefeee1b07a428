 * interrupt.c). The mask is set. To clear it and to look for what has arrived meanwhile must not let a signal in between
 * start the whole again from here, deeper and deeper on the stack: its handler knows these places, marks the interrupt
 * as pending and has the check done once more. Images for one CPU have %gs set as well once they use interrupts. */

#include "cpu.h"

	.section .text.uk_linux_resume, "ax", @progbits
