/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <uk/print.h>

/* The output in progress. */
struct out {
	struct uk_print_sink *sink;
	size_t total;
	va_list ap;
};

/* One conversion specification (C11 7.21.6.1 p4). */
struct spec {
	bool left, plus, blank, alternate, zero;
	unsigned char bytes; /* of the integer argument */
	char conversion;
	int width, precision; /* precision -1: none given */
};

static void put(struct out *o, const char *data, size_t len)
{
	o->total += len;
	if (len)
		o->sink->put(o->sink, data, len);
}

static void pad(struct out *o, const char *sixteen, int n)
{
	for (; n > 0; n -= 16)
		put(o, sixteen, n < 16 ? (size_t)n : 16);
}

static void put_padded(struct out *o, const struct spec *s, const char *text, size_t len)
{
	int blanks = len < (size_t)s->width ? s->width - (int)len : 0;

	pad(o, "                ", s->left ? 0 : blanks);
	put(o, text, len);
	pad(o, "                ", s->left ? blanks : 0);
}

static void put_string(struct out *o, const struct spec *s)
{
	const char *text = va_arg(o->ap, const char *);

	if (!text)
		text = "(null)";
	put_padded(o, s, text, s->precision < 0 ? strlen(text) : strnlen(text, (size_t)s->precision));
}

static void put_char(struct out *o, const struct spec *s)
{
	char c = (char)va_arg(o->ap, int);

	put_padded(o, s, &c, 1);
}

/* The integer argument, extended to 64 bits. */
static uint64_t fetch(struct out *o, const struct spec *s, bool is_signed)
{
	unsigned shift = 64 - 8 * s->bytes;
	uint64_t v;

	if (s->bytes == 8)
		return va_arg(o->ap, uint64_t);
	v = (uint64_t)va_arg(o->ap, unsigned) << shift;
	return is_signed ? (uint64_t)((int64_t)v >> shift) : v >> shift;
}

/* sign or base prefix, then zeros, then digits, the whole of it padded to the width. */
static void put_digits(struct out *o, const struct spec *s, const char *prefix, const char *digits, int len)
{
	int prefix_len = (int)strlen(prefix);
	int zeros = s->precision > len ? s->precision - len : 0;
	int blanks;

	if (s->zero && !s->left && s->precision < 0 && s->width > prefix_len + len)
		zeros = s->width - prefix_len - len;
	if (s->alternate && s->conversion == 'o' && !zeros && (!len || *digits != '0'))
		zeros = 1;
	blanks = s->width - prefix_len - len;
	blanks = blanks > zeros ? blanks - zeros : 0; /* never adds: precision may be INT_MAX */
	pad(o, "                ", s->left ? 0 : blanks);
	put(o, prefix, (size_t)prefix_len);
	pad(o, "0000000000000000", zeros);
	put(o, digits, (size_t)len);
	pad(o, "                ", s->left ? blanks : 0);
}

static void put_integer(struct out *o, const struct spec *s)
{
	char buf[22], *digit = buf + sizeof(buf); /* 64 bits in octal */
	bool is_signed = s->conversion == 'd' || s->conversion == 'i';
	const char *letters = s->conversion == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
	const char *prefix = "";
	unsigned base = s->conversion == 'o' ? 8 : (s->conversion | 0x20) == 'x' || s->conversion == 'p' ? 16 : 10;
	uint64_t v = fetch(o, s, is_signed);

	if (is_signed) {
		prefix = (int64_t)v < 0 ? "-" : s->plus ? "+" : s->blank ? " " : "";
		v = (int64_t)v < 0 ? -v : v;
	} else if (s->conversion == 'p' || (s->alternate && base == 16 && v)) {
		prefix = s->conversion == 'X' ? "0X" : "0x";
	}
	for (; v; v /= base)
		*--digit = letters[v % base];
	if (digit == buf + sizeof(buf) && s->precision)
		*--digit = '0';
	put_digits(o, s, prefix, digit, (int)(buf + sizeof(buf) - digit));
}

static const char *parse_flags(struct spec *s, const char *f)
{
	for (;; f++)
		if (*f == '-')
			s->left = true;
		else if (*f == '+')
			s->plus = true;
		else if (*f == ' ')
			s->blank = true;
		else if (*f == '#')
			s->alternate = true;
		else if (*f == '0')
			s->zero = true;
		else
			return f;
}

/* A number, or an argument for *; saturates. */
static const char *parse_number(struct out *o, const char *f, int *value)
{
	*value = 0;
	if (*f == '*') {
		*value = va_arg(o->ap, int);
		return f + 1;
	}
	for (; *f >= '0' && *f <= '9'; f++)
		if (__builtin_mul_overflow(*value, 10, value) || __builtin_add_overflow(*value, *f - '0', value))
			*value = INT_MAX;
	return f;
}

static const char *parse_length(struct spec *s, const char *f)
{
	s->bytes = sizeof(int);
	if (*f == 'h') {
		s->bytes = f[1] == 'h' ? sizeof(char) : sizeof(short);
		return f + (f[1] == 'h' ? 2 : 1);
	}
	if (*f == 'l' || *f == 'z' || *f == 't' || *f == 'j') {
		s->bytes = *f == 'l' && f[1] != 'l' ? sizeof(long) : *f == 'z' || *f == 't' ? sizeof(size_t) : 8;
		return f + (*f == 'l' && f[1] == 'l' ? 2 : 1);
	}
	return f;
}

/* What stands between % and the conversion character. */
static const char *parse_spec(struct out *o, struct spec *s, const char *f)
{
	f = parse_flags(s, f);
	f = parse_number(o, f, &s->width);
	if (s->width < 0) { /* p5: a negative * is a - flag */
		s->left = true;
		s->width = s->width == INT_MIN ? INT_MAX : -s->width;
	}
	s->precision = -1;
	if (*f == '.')
		f = parse_number(o, f + 1, &s->precision);
	f = parse_length(s, f);
	s->conversion = *f;
	return f;
}

/* Print one conversion; f stands after its %. Returns what follows it. */
static const char *convert(struct out *o, const char *f)
{
	struct spec s = {0};

	f = parse_spec(o, &s, f);
	switch (s.conversion) {
	case 's':
		put_string(o, &s);
		break;
	case 'c':
		put_char(o, &s);
		break;
	case 'p':
		s.bytes = sizeof(void *);
		put_integer(o, &s);
		break;
	case 'd':
	case 'i':
	case 'u':
	case 'o':
	case 'x':
	case 'X':
		put_integer(o, &s);
		break;
	case '%':
		put(o, "%", 1);
		break;
	case 0: /* the format ends within a conversion */
		put(o, "%!", 2);
		return f;
	default:
		put(o, "%!", 2);
		put(o, f, 1);
	}
	return f + 1;
}

int uk_print_format(struct uk_print_sink *sink, const char *format, va_list ap)
{
	struct out o = {.sink = sink};

	va_copy(o.ap, ap);
	while (*format) {
		const char *percent = strchrnul(format, '%');

		put(&o, format, (size_t)(percent - format));
		format = *percent ? convert(&o, percent + 1) : percent;
	}
	va_end(o.ap);
	return o.total > INT_MAX ? -EOVERFLOW : (int)o.total;
}
