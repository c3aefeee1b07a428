/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <errno.h>
#include <string.h>

#include <uk/base.h>
#include <uk/text.h>

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 'a' - 'A';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

/* Parse digits up to the first other character, which *text then points to. */
static int parse(const char **text, uint64_t *value)
{
	const char *s = *text;
	int base = s[0] == '0' && (s[1] | 0x20) == 'x' ? 16 : 10, error = 0;
	uint64_t v = 0;

	s += base == 16 ? 2 : 0;
	if (digit(*s) >= base)
		return -EINVAL;
	for (; digit(*s) < base; s++)
		if (__builtin_mul_overflow(v, (uint64_t)base, &v) || __builtin_add_overflow(v, (uint64_t)digit(*s), &v))
			error = -ERANGE;
	*text = s;
	*value = v;
	return error;
}

/* The results of a parse that must have used up the text. */
static int finish(const char *rest, int error, uint64_t v, uint64_t *value)
{
	if (*rest)
		return -EINVAL;
	if (!error)
		*value = v;
	return error;
}

int uk_text_u64(const char *text, uint64_t *value)
{
	uint64_t v = 0;
	int error = parse(&text, &v);

	return error == -EINVAL ? error : finish(text, error, v, value);
}

int uk_text_i64(const char *text, int64_t *value)
{
	bool negative = *text == '-';
	uint64_t v;
	int error = uk_text_u64(text + negative, &v);

	if (error)
		return error;
	if (v > (uint64_t)INT64_MAX + negative)
		return -ERANGE;
	*value = (int64_t)(negative ? -v : v);
	return 0;
}

int uk_text_size(const char *text, size_t *value)
{
	static const char suffixes[] = "kmgt";
	const char *suffix;
	uint64_t v = 0, result;
	int error = parse(&text, &v);

	if (error == -EINVAL)
		return error;
	if (*text && (suffix = strchr(suffixes, *text | 0x20))) {
		uint64_t unit = UINT64_C(1) << 10 * (suffix - suffixes + 1);

		error = __builtin_mul_overflow(v, unit, &v) ? -ERANGE : error;
		text++;
	}
	error = finish(text, error, v, &result);
	if (!error && result > SIZE_MAX)
		error = -ERANGE;
	if (!error)
		*value = (size_t)result;
	return error;
}

int uk_text_bool(const char *text, bool *value)
{
	static const char words[] = "on\0yes\0true\0001\0off\0no\0false\0000\0";
	unsigned at = 0;

	for (const char *w = words; *w; w += strlen(w) + 1, at++)
		if (!strcmp(text, w)) {
			*value = at < 4;
			return 0;
		}
	return -EINVAL;
}

bool uk_text_match(const char *pattern, const char *text)
{
	const char *star = NULL, *resume = NULL;

	while (*text) {
		if (*pattern == '*') {
			star = ++pattern;
			resume = text;
		} else if (*pattern == '?' || *pattern == *text) {
			pattern++;
			text++;
		} else if (star) { /* let the last star take one character more; earlier ones need not move */
			pattern = star;
			text = ++resume;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}
