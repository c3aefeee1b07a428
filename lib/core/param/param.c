/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <errno.h>
#include <string.h>

#include <core/param/config.h>

#include <uk/param.h>
#include <uk/print.h>
#include <uk/text.h>

#include "scan.h"

UK_SET_DECLARE(param, struct uk_param);

static char line[CONFIG_CORE_PARAM_LINE]; /* all words, unquoted, each with its NUL */
static char *argv[CONFIG_CORE_PARAM_ARGS + 2];
static char *envp[CONFIG_CORE_PARAM_ENV + 1];

/* Why the value in progress was refused; empty for the usual reason of its type. */
static char reason[200];

int uk_param_reject(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	uk_vsnprintf(reason, sizeof(reason), format, ap);
	va_end(ap);
	return -EINVAL;
}

/* What a value of each kind looks like: for `help` and for errors. */
static const char *const shapes[] = {
    [UK_PARAM_KIND_FUNC] = "...",    [UK_PARAM_KIND_BOOL] = "on|off", [UK_PARAM_KIND_INT] = "number",
    [UK_PARAM_KIND_UINT] = "number", [UK_PARAM_KIND_U64] = "number",  [UK_PARAM_KIND_SIZE] = "size[K|M|G|T]",
    [UK_PARAM_KIND_STRING] = "text",
};

static int set_number(const struct uk_param *p, const char *value)
{
	int64_t i;
	uint64_t u;
	int error;

	if (p->kind == UK_PARAM_KIND_INT) {
		error = uk_text_i64(value, &i);
		if (!error && i != (int)i)
			error = -ERANGE;
		if (!error)
			*(int *)p->var = (int)i;
		return error;
	}
	error = uk_text_u64(value, &u);
	if (!error && p->kind == UK_PARAM_KIND_UINT && u != (unsigned)u)
		error = -ERANGE;
	if (error)
		return error;
	if (p->kind == UK_PARAM_KIND_UINT)
		*(unsigned *)p->var = (unsigned)u;
	else
		*(uint64_t *)p->var = u;
	return 0;
}

static int set(const struct uk_param *p, const char *value)
{
	switch (p->kind) {
	case UK_PARAM_KIND_FUNC:
		return p->set(value);
	case UK_PARAM_KIND_BOOL:
		return uk_text_bool(value, p->var);
	case UK_PARAM_KIND_SIZE:
		return uk_text_size(value, p->var);
	case UK_PARAM_KIND_STRING:
		*(const char **)p->var = value;
		return 0;
	default:
		return set_number(p, value);
	}
}

static int fail(const char *what, const char *why)
{
	uk_printf("command line: %s: %s\n", what, why);
	return -EINVAL;
}

static int list(void)
{
	uk_printf("parameters: NAME=VALUE ... [env.NAME=VALUE ...] -- arguments of the application\n");
	UK_SET_EACH (param, struct uk_param, p)
		uk_printf("  %s=%s  %s\n", p->name, shapes[p->kind], p->help);
	return 1;
}

/* Set the parameter in word, "name=value" or "name". */
static int apply(char *word)
{
	char *equals = strchr(word, '=');
	size_t len = equals ? (size_t)(equals - word) : strlen(word);
	int error;

	UK_SET_EACH (param, struct uk_param, p) {
		if (strncmp(p->name, word, len) || p->name[len])
			continue;
		*reason = 0;
		error = set(p, equals ? equals + 1 : "on");
		if (!error)
			return 0;
		if (*reason)
			return fail(word, reason);
		uk_snprintf(reason, sizeof(reason), "%s; give %s=%s",
			    error == -ERANGE ? "out of range" : "not understood", p->name, shapes[p->kind]);
		return fail(word, reason);
	}
	if (UK_ENABLED(CORE_PARAM_HELP) && !strcmp(word, "help"))
		return list();
	return fail(word, "unknown parameter; `help` lists all, and what follows -- goes to the application");
}

/* Append word to a NULL-terminated array with a given number of places. */
static int append(char **array, unsigned *used, unsigned max, char *word)
{
	if (*used == max)
		return fail(word, "too many words; raise CORE_PARAM_ARGS or CORE_PARAM_ENV");
	array[(*used)++] = word;
	return 0;
}

/* Copy one word to *to. */
static int unquote(struct scan *s, char **to)
{
	int c;

	while ((c = uk_param_scan_char(s)) >= 0) {
		if (*to == line + sizeof(line) - 1)
			break;
		*(*to)++ = (char)c;
	}
	if (c >= 0 || *to == line + sizeof(line))
		return fail("too long", "raise CORE_PARAM_LINE");
	*(*to)++ = 0;
	return c == SCAN_OPEN ? fail("its end", "a quote is open, or nothing follows a backslash") : 0;
}

int uk_param_parse(const char *cmdline, const char *program, struct uk_param_args *args)
{
	struct scan s = {cmdline, 0};
	char *to = line;
	bool ours = true;
	unsigned argc = 1, envc = 0;
	int error = 0;

	argv[0] = (char *)(uintptr_t)program; /* C has no const argv */
	while (!error && uk_param_scan_word(&s)) {
		char *word = to;

		error = unquote(&s, &to);
		if (error)
			break;
		if (!ours)
			error = append(argv, &argc, CONFIG_CORE_PARAM_ARGS + 1, word);
		else if (!strcmp(word, "--"))
			ours = false;
		else if (!strncmp(word, "env.", 4) && strcspn(word + 4, "=") && strchr(word + 4, '='))
			error = append(envp, &envc, CONFIG_CORE_PARAM_ENV, word + 4);
		else
			error = apply(word);
	}
	argv[argc] = NULL;
	envp[envc] = NULL;
	*args = (struct uk_param_args){(int)argc, argv, envp};
	return error;
}
