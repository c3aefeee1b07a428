/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uk/print.h>

int uk_fuzz_print(const uint8_t *data, size_t size);

/* Build a conversion from the data, print it by both libraries, compare. Widths stay small, for speed only. */
struct input {
	const uint8_t *data;
	size_t size;
};

static unsigned take(struct input *in)
{
	if (!in->size)
		return 0;
	in->size--;
	return *in->data++;
}

static uint64_t take_u64(struct input *in)
{
	uint64_t v = 0;

	for (int i = 0; i < 8; i++)
		v = v << 8 | take(in);
	return take(in) % 2 ? v : v >> take(in) % 64;
}

static char conversion(struct input *in, char *format)
{
	static const char flags[] = "-+ #0", conversions[] = "diuoxXsc";
	static const char *const lengths[] = {"hh", "h", "", "l", "ll", "z", "j", "t"};
	char c = conversions[take(in) % 8];
	unsigned mask = take(in), form = take(in);

	*format++ = '%';
	for (int i = 0; i < 5; i++)
		if (mask >> i & 1)
			*format++ = flags[i];
	if (form & 1)
		format += sprintf(format, "%u", take(in) % 70 + 1);
	if (form & 2)
		format += sprintf(format, ".%u", take(in) % 70);
	format += sprintf(format, "%s%c", c == 's' || c == 'c' ? "" : lengths[take(in) % 8], c);
	return c;
}

static void compare(const char *format, const char *ours, int our_len, const char *theirs, int their_len)
{
	if (our_len == their_len && !memcmp(ours, theirs, 160))
		return;
	fprintf(stderr, "%s: %d '%s', C library %d '%s'\n", format, our_len, ours, their_len, theirs);
	abort();
}

static int both(char c, const char *format, uint64_t v, const char *text)
{
	char ours[160] = "", theirs[160] = "";
	int (*print)(char *buf, size_t size, const char *format, ...) = uk_snprintf;
	int (*reference)(char *buf, size_t size, const char *format, ...) = snprintf;
	int a, b;

	if (c == 's') {
		a = print(ours, sizeof(ours), format, text);
		b = reference(theirs, sizeof(theirs), format, text);
	} else {
		a = print(ours, sizeof(ours), format, v);
		b = reference(theirs, sizeof(theirs), format, v);
	}
	compare(format, ours, a, theirs, b);
	return 0;
}

int uk_fuzz_print(const uint8_t *data, size_t size)
{
	struct input in = {data, size};
	char format[64], text[32];

	while (in.size) {
		char c = conversion(&in, format);
		unsigned len = take(&in) % (sizeof(text) - 1);

		for (unsigned i = 0; i < len; i++)
			text[i] = (char)(take(&in) | 1);
		text[len] = 0;
		both(c, format, take_u64(&in), text);
	}
	return 0;
}
