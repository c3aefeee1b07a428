/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <uk/param.h>

#include "scan.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

int uk_param_scan_word(struct scan *s)
{
	while (is_blank(*s->at))
		s->at++;
	s->quote = 0;
	return *s->at != 0;
}

int uk_param_scan_char(struct scan *s)
{
	char c = *s->at;

	while (s->quote ? c == s->quote : c == '\'' || c == '"') { /* opens or closes; "" leaves nothing */
		s->quote = s->quote ? 0 : c;
		c = *++s->at;
	}
	if (!c)
		return s->quote ? SCAN_OPEN : SCAN_END;
	if (!s->quote && is_blank(c))
		return SCAN_END;
	s->at++;
	if (c == '\\' && s->quote != '\'' && (!s->quote || (*s->at && strchr("\"\\$`", *s->at)))) {
		c = *s->at;
		if (!c)
			return SCAN_OPEN;
		s->at++;
	}
	return (unsigned char)c;
}

/* Whether the word at s begins with text; s stands behind it then. */
static bool matches(struct scan *s, const char *text)
{
	struct scan ahead = *s;

	while (*text)
		if (uk_param_scan_char(&ahead) != (unsigned char)*text++)
			return false;
	*s = ahead;
	return true;
}

static bool is_separator(struct scan s)
{
	return matches(&s, "--") && uk_param_scan_char(&s) == SCAN_END;
}

int uk_param_early(const char *cmdline, const char *name, char *out, size_t size)
{
	struct scan s = {cmdline, 0};
	int result = -ENOENT, c = 0;

	while (c != SCAN_OPEN && uk_param_scan_word(&s) && !is_separator(s)) {
		bool found = matches(&s, name) && matches(&s, "=");
		size_t len = 0;

		while ((c = uk_param_scan_char(&s)) >= 0)
			if (found && len++ < size)
				out[len - 1] = (char)c;
		if (found)
			result = len < size ? 0 : -E2BIG;
		if (found && len < size)
			out[len] = 0;
	}
	return result;
}
