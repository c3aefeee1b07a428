/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Jumps that put back the mask. sigsetjmp() is a macro of <setjmp.h>, since setjmp() must be called by the function
 * that is to be returned to. */

#include <setjmp.h>

#include "internal.h"

void uk_signal_jump_save(struct uk_signal_jump *j, int save)
{
	j->saved = save;
	j->mask = uk_signal_self.blocked;
}

_Noreturn void siglongjmp(sigjmp_buf j, int value)
{
	if (j->saved)
		pthread_sigmask(SIG_SETMASK, &j->mask, NULL);
	longjmp(j->registers, value);
}

_Noreturn void _longjmp(jmp_buf j, int value)
{
	longjmp(j, value);
}
