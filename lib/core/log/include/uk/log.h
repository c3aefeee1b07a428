/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Messages with levels, one line each, on the platform's console: "warn: mem/tlsf: text".
 *
 * A message above the build's maximum (CORE_LOG_LEVEL) leaves no code; above the boot parameter log.level it is
 * not printed. Usable in any context, in interrupt handlers and in a panic too. No newline at the end of the format. */
#pragma once

#include <core/log/config.h>

#include <uk/base.h>

#ifndef UK_LIB
#define UK_LIB "?" /* the build passes each library's name */
#endif

enum uk_log_level {
	UK_LOG_NONE, /* only as a limit */
	UK_LOG_ERR,  /* something requested will not happen */
	UK_LOG_WARN, /* something is odd, and was dealt with */
	UK_LOG_INFO, /* what an operator wants to know once */
	UK_LOG_DEBUG,
};

#define uk_log(level, ...)                                                                                             \
	do {                                                                                                           \
		if ((level) <= CONFIG_CORE_LOG_LEVEL)                                                                  \
			uk_log_write(level, UK_LIB, __VA_ARGS__);                                                      \
	} while (0)
#define uk_err(...) uk_log(UK_LOG_ERR, __VA_ARGS__)
#define uk_warn(...) uk_log(UK_LOG_WARN, __VA_ARGS__)
#define uk_info(...) uk_log(UK_LOG_INFO, __VA_ARGS__)
#define uk_debug(...) uk_log(UK_LOG_DEBUG, __VA_ARGS__)

/* Write one line if level is within log.level; lib is the name of the library that speaks. What the macros above
 * call. Context: any. */
void uk_log_write(enum uk_log_level level, const char *lib, const char *format, ...) UK_PRINTF(3, 4);

/* The present limit, and setting it (as log.level= does). Returns the former one. Context: any. */
enum uk_log_level uk_log_limit(enum uk_log_level limit);
