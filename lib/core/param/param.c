/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Locking: none. The command line is read once, by the boot thread, before there are others; what it has set is read
 * from then on. */
#include <errno.h>
#include <string.h>

#include <core/param/config.h>

#include <uk/param.h>
#include <uk/print.h>

#include "scan.h"

UK_SET_DECLARE(param, struct uk_param);

static char line[CONFIG_CORE_PARAM_LINE]; /* all words, unquoted, each with its NUL */
static char *argv[CONFIG_CORE_PARAM_ARGS + 2];
static char *envp[CONFIG_CORE_PARAM_ENV + 1];

/* Why the value in progress was refused, if its function said so. */
static const char *reason;

int uk_param_reject(const char *format, ...)
{
	static char text[200];
	va_list ap;

	va_start(ap, format);
	uk_vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	reason = text;
	return -EINVAL;
}

/* Errors tell the mend unless the image has no room for it. */
#define MEND(text, otherwise) (UK_ENABLED(CORE_PARAM_HELP) ? text : otherwise)

static int fail(const char *what, const char *why)
{
	uk_print_strings("command line: ", what, ": ", why, "\n", NULL);
	return -EINVAL;
}

static int list(void)
{
	uk_print_strings("parameters: NAME=VALUE ... [env.NAME=VALUE ...] -- arguments of the application\n", NULL);
	UK_SET_EACH (param, struct uk_param, p)
		uk_print_strings("  ", p->name, "=", p->shape, "  ", p->help, "\n", NULL);
	return 1;
}

/* Set p from value, which stands within word. */
static int set(const struct uk_param *p, const char *word, const char *value)
{
	int error;

	reason = NULL;
	error = p->set(p, value);
	if (!error)
		return 0;
	if (reason)
		return fail(word, reason);
	if (!UK_ENABLED(CORE_PARAM_HELP))
		return fail(word, "bad value");
	uk_print_strings("command line: ", word, error == -ERANGE ? ": out of range; give " : ": not understood; give ",
			 p->name, "=", p->shape, "\n", NULL);
	return -EINVAL;
}

/* Set the parameter in word, "name=value" or "name". */
static int apply(const char *word)
{
	size_t len = (size_t)(strchrnul(word, '=') - word);

	UK_SET_EACH (param, struct uk_param, p)
		if (!strncmp(p->name, word, len) && !p->name[len])
			return set(p, word, word[len] ? word + len + 1 : "on");
	if (UK_ENABLED(CORE_PARAM_HELP) && !strcmp(word, "help"))
		return list();
	return fail(word, MEND("unknown parameter; `help` lists all, and what follows -- goes to the application",
			       "unknown parameter"));
}

/* Append word to a NULL-terminated array with a given number of places. */
static int append(char **array, unsigned *used, unsigned max, char *word)
{
	if (*used == max)
		return fail(word, MEND("too many words; raise CORE_PARAM_ARGS or CORE_PARAM_ENV", "too many words"));
	array[(*used)++] = word;
	return 0;
}

/* Copy one word to *to. */
static int unquote(struct scan *s, char **to)
{
	int c;

	while ((c = uk_param_scan_char(s)) >= 0) {
		if (*to >= line + sizeof(line) - 1) /* past it where the words before fill the line to the last byte */
			break;
		*(*to)++ = (char)c;
	}
	if (c >= 0 || *to == line + sizeof(line))
		return fail("too long", "raise CORE_PARAM_LINE");
	*(*to)++ = 0;
	return c == SCAN_OPEN ? fail("its end", MEND("a quote is open, or nothing follows a backslash", "open quote"))
			      : 0;
}

/* Whether it is "env.NAME=..." */
static bool is_environment(const char *word)
{
	return !strncmp(word, "env.", 4) && word[4] != '=' && strchr(word, '=');
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
		else if (is_environment(word))
			error = append(envp, &envc, CONFIG_CORE_PARAM_ENV, word + 4);
		else
			error = apply(word);
	}
	argv[argc] = NULL;
	envp[envc] = NULL;
	*args = (struct uk_param_args){(int)argc, argv, envp};
	return error;
}
