/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Jumps that put back the mask of signals, which newlib lacks here. */
#include_next <setjmp.h>

#ifndef UK_SETJMP_H
#define UK_SETJMP_H

#include <sys/features.h>

#ifdef __cplusplus
extern "C" {
#endif

#if __POSIX_VISIBLE
struct uk_signal_jump {
	jmp_buf registers;
	unsigned long mask;
	int saved;
};
typedef struct uk_signal_jump sigjmp_buf[1];

/* Remember the mask, if save is not 0: the first half of sigsetjmp(). Context: a thread. */
void uk_signal_jump_save(struct uk_signal_jump *j, int save);

/* POSIX.1-2017, setjmp.h. */
#define sigsetjmp(env, save) (uk_signal_jump_save(env, save), setjmp((env)[0].registers))
void siglongjmp(sigjmp_buf env, int value) __attribute__((__noreturn__));
#endif

#if __XSI_VISIBLE || __BSD_VISIBLE
#define _setjmp(env) setjmp(env)
void _longjmp(jmp_buf env, int value) __attribute__((__noreturn__));
#endif

#ifdef __cplusplus
}
#endif

#endif
