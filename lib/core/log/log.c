/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* One line at a time: interrupts are masked while a line is put out, so that lines of an interrupt handler do not run
 * into it, and core/print keeps other CPUs out. The limit is one word: whoever changes it while others print has them
 * see the old or the new one. */
#include <core/log/config.h>

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include <uk/log.h>
#include <uk/param.h>
#include <uk/plat/cpu.h>
#include <uk/plat/time.h>
#include <uk/print.h>

static const char *const names[] = {"none", "err", "warn", "info", "debug"};
static enum uk_log_level limit = UK_LOG_INFO;

static int set_level(const char *value)
{
	for (unsigned i = 0; i < UK_ARRAY_SIZE(names); i++)
		if (!strcmp(value, names[i])) {
			limit = (enum uk_log_level)i;
			return 0;
		}
	return uk_param_reject("unknown level; give none, err, warn, info or debug");
}
UK_PARAM_FUNC("log.level", set_level, "print messages up to this level: none, err, warn, info, debug");

enum uk_log_level uk_log_limit(enum uk_log_level new_limit)
{
	enum uk_log_level old = limit;

	limit = new_limit;
	return old;
}

static size_t prefix(char *buf, size_t size, enum uk_log_level level, const char *lib)
{
	int n = 0;

	if (UK_ENABLED(CORE_LOG_TIME)) {
		uint64_t us = uk_plat_time_ns() / 1000;

		n = uk_snprintf(buf, size, "[%5lu.%06lu] ", (unsigned long)(us / 1000000),
				(unsigned long)(us % 1000000));
	}
	n += uk_snprintf(buf + n, size - (size_t)n, "%s: %s: ", names[level], lib);
	return UK_MIN((size_t)n, size - 1);
}

void uk_log_write(enum uk_log_level level, const char *lib, const char *format, ...)
{
	char buf[256];
	unsigned long state;
	size_t n;
	va_list ap;

	if (level > limit)
		return;
	va_start(ap, format);
	n = prefix(buf, sizeof(buf) - 1, level, lib);
	uk_vsnprintf(buf + n, sizeof(buf) - 1 - n, format, ap);
	va_end(ap);
	n = strlen(buf);
	buf[n++] = '\n';
	state = uk_plat_irq_save();
	uk_print_write(buf, n);
	uk_plat_irq_restore(state);
}
