/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <string.h>

#include <uk/print.h>

/* Keeps what fits into a buffer. */
struct buffer {
	struct uk_print_sink sink;
	char *at;
	size_t left; /* without the place of the NUL */
};

static void buffer_put(struct uk_print_sink *sink, const char *data, size_t len)
{
	struct buffer *b = uk_container_of(sink, struct buffer, sink);

	len = UK_MIN(len, b->left);
	memcpy(b->at, data, len);
	b->at += len;
	b->left -= len;
}

int uk_vsnprintf(char *buf, size_t size, const char *format, va_list ap)
{
	struct buffer b = {{buffer_put}, buf, size ? size - 1 : 0};
	char nothing;
	int len;

	if (!size)
		b.at = &nothing;
	len = uk_print_format(&b.sink, format, ap);
	*b.at = 0;
	return len;
}

int uk_snprintf(char *buf, size_t size, const char *format, ...)
{
	va_list ap;
	int len;

	va_start(ap, format);
	len = uk_vsnprintf(buf, size, format, ap);
	va_end(ap);
	return len;
}
