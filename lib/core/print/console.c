/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <stdbool.h>
#include <string.h>

#include <uk/plat/console.h>
#include <uk/print.h>

/* Collects pieces, since each write to the console may cost an exit to the monitor. The console is taken at the first
 * write and kept to the end of the text. */
struct console {
	struct uk_print_sink sink;
	size_t used;
	bool taken;
	unsigned long state;
	char buf[160];
};

static void flush(struct console *c)
{
	if (UK_ENABLED(CORE_PRINT_LOCK) && !c->taken) {
		c->state = uk_print_begin();
		c->taken = true;
	}
	if (c->used)
		uk_plat_console_write(c->buf, c->used);
	c->used = 0;
}

static void console_put(struct uk_print_sink *sink, const char *data, size_t len)
{
	struct console *c = uk_container_of(sink, struct console, sink);

	while (len) {
		size_t n = UK_MIN(len, sizeof(c->buf) - c->used);

		memcpy(c->buf + c->used, data, n);
		c->used += n;
		data += n;
		len -= n;
		if (c->used == sizeof(c->buf))
			flush(c);
	}
}

int uk_vprintf(const char *format, va_list ap)
{
	struct console c;
	int len;

	c.sink.put = console_put;
	c.used = 0;
	c.taken = false;
	len = uk_print_format(&c.sink, format, ap);
	flush(&c);
	uk_print_end(c.state);
	return len;
}

int uk_printf(const char *format, ...)
{
	va_list ap;
	int len;

	va_start(ap, format);
	len = uk_vprintf(format, ap);
	va_end(ap);
	return len;
}
