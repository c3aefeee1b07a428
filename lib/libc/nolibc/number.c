/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 'a' - 'A';
	return c >= 'a' && c <= 'z' ? c - 'a' + 10 : 36;
}

/* Skip "0x" if base allows it and a digit follows; returns the base that is meant. */
static int resolve_base(const char **s, int base)
{
	bool hex = (*s)[0] == '0' && ((*s)[1] | 0x20) == 'x' && digit((*s)[2]) < 16;

	if (hex && (base == 0 || base == 16)) {
		*s += 2;
		return 16;
	}
	return base ? base : **s == '0' ? 8 : 10;
}

/* The magnitude and sign of the number at s (C11 7.22.1.4); *overflow if it is above ULLONG_MAX. */
static unsigned long long parse(const char *s, char **end, int base, bool *negative, bool *overflow)
{
	const char *start = s;
	unsigned long long v = 0;

	*negative = *overflow = false;
	while (*s == ' ' || (*s >= '\t' && *s <= '\r'))
		s++;
	if (*s == '-' || *s == '+')
		*negative = *s++ == '-';
	base = resolve_base(&s, base);
	if (digit(*s) < base)
		start = NULL;
	for (; digit(*s) < base; s++)
		*overflow |= __builtin_mul_overflow(v, (unsigned long long)base, &v) ||
			     __builtin_add_overflow(v, (unsigned long long)digit(*s), &v);
	if (end)
		*end = (char *)(start ? (unsigned long)start : (unsigned long)s); /* C wants the const away */
	return v;
}

static unsigned long long range_error(unsigned long long v)
{
	errno = ERANGE;
	return v;
}

long long strtoll(const char *restrict s, char **restrict end, int base)
{
	bool negative, overflow;
	unsigned long long v = parse(s, end, base, &negative, &overflow);

	if (overflow || v > (unsigned long long)LLONG_MAX + negative)
		v = range_error((unsigned long long)LLONG_MAX + negative);
	return (long long)(negative ? -v : v);
}

unsigned long long strtoull(const char *restrict s, char **restrict end, int base)
{
	bool negative, overflow;
	unsigned long long v = parse(s, end, base, &negative, &overflow);

	if (overflow)
		return range_error(ULLONG_MAX);
	return negative ? -v : v;
}

_Static_assert(sizeof(long) == sizeof(long long), "the long forms below need no range of their own");

long strtol(const char *restrict s, char **restrict end, int base)
{
	return (long)strtoll(s, end, base);
}

unsigned long strtoul(const char *restrict s, char **restrict end, int base)
{
	return (unsigned long)strtoull(s, end, base);
}

int atoi(const char *s)
{
	return (int)strtoll(s, NULL, 10);
}

long atol(const char *s)
{
	return strtol(s, NULL, 10);
}

long long atoll(const char *s)
{
	return strtoll(s, NULL, 10);
}

int abs(int x)
{
	return x < 0 ? -x : x;
}

long labs(long x)
{
	return x < 0 ? -x : x;
}

long long llabs(long long x)
{
	return x < 0 ? -x : x;
}
