/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* printf-like formatting to a sink, a buffer or the console.
 *
 * As C11 7.21.6.1 with: flags - + space # 0, width and precision (also *), lengths hh h l ll z j t, conversions
 * d i u o x X c s p %. There is no floating point and no %n: these, and unknown conversions, print "%!" and
 * the conversion character, and take no argument. %s of NULL prints (null), %p always prints 0x and hex digits.
 * Nothing here allocates.
 *
 * What one call puts on the console stands together, whatever threads, interrupt handlers and other CPUs print
 * meanwhile, where the configuration has any of them (CORE_PRINT_LOCK). */
#pragma once

#include <core/print/config.h>

#include <stdarg.h>
#include <stddef.h>

#include <uk/base.h>

/* Where formatted text goes: put() is called with pieces of it in order, len > 0. Embed it first in your own
 * structure. */
struct uk_print_sink {
	void (*put)(struct uk_print_sink *sink, const char *data, size_t len);
};

/* Format to a sink. Returns the number of characters given to it, or -EOVERFLOW if that is above INT_MAX (all of them
 * were given to it nevertheless). Context: any in which the sink works. */
int uk_print_format(struct uk_print_sink *sink, const char *format, va_list ap) UK_PRINTF(2, 0);

/* Format into buf, always NUL-terminated unless size is 0. Returns the length that the whole text has, which is
 * >= size when it was cut, or -EOVERFLOW. buf may be NULL when size is 0. Context: any. */
int uk_snprintf(char *buf, size_t size, const char *format, ...) UK_PRINTF(3, 4);
int uk_vsnprintf(char *buf, size_t size, const char *format, va_list ap) UK_PRINTF(3, 0);

/* Format to the platform's console, in one piece when the text is at most 160 bytes. Returns as uk_print_format();
 * errors of the console are ignored. Context: any. */
int uk_printf(const char *format, ...) UK_PRINTF(1, 2);
int uk_vprintf(const char *format, va_list ap) UK_PRINTF(1, 0);

/* Write bytes to the console: as uk_plat_console_write(), but not into what others print. Errors are ignored.
 * Context: any. */
void uk_print_write(const void *data, size_t len);

/* Write the strings given, up to a NULL, to the console as uk_printf() does: for messages of images that need no
 * formatting otherwise. Context: any. */
void uk_print_strings(const char *first, ...) __attribute__((sentinel));

/* What the functions below call where there is a lock. Context: theirs. */
unsigned long uk_print_lock(void);
void uk_print_unlock(unsigned long state);
void uk_print_lock_seize(void);
void uk_print_lock_drop(void);

/* Keep the console for what is printed up to uk_print_end(), which gets what begin returned: for lines made of several
 * pieces. Interrupts are masked between. They nest. Context: any. */
static inline unsigned long uk_print_begin(void)
{
	return UK_ENABLED(CORE_PRINT_LOCK) ? uk_print_lock() : 0;
}

/* Let others print again; state is what uk_print_begin() returned. Context: as it. */
static inline void uk_print_end(unsigned long state)
{
	if (UK_ENABLED(CORE_PRINT_LOCK))
		uk_print_unlock(state);
}

/* For the panic path: keep the console, taken from whoever has it if that one does not give it back soon. Context:
 * interrupts masked. */
static inline void uk_print_seize(void)
{
	if (UK_ENABLED(CORE_PRINT_LOCK))
		uk_print_lock_seize();
}

/* Give it up, however often it was taken. Context: as uk_print_seize(). */
static inline void uk_print_drop(void)
{
	if (UK_ENABLED(CORE_PRINT_LOCK))
		uk_print_lock_drop();
}
