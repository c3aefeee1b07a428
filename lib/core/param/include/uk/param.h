/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Parameters of the system on the command line, each declared by the library that owns it:
 *
 *	static unsigned ways = 4;
 *	UK_PARAM_UINT("cache.ways", ways, "ways of the buffer cache");
 *
 * The command line is `param=value ... env.NAME=value ... -- argv ...`, words separated by blanks, with the shell's
 * quotes: 'x' literally, "x" where a backslash quotes " \ $ and `, a backslash before anything else outside of quotes.
 * A parameter without =value means =on. The parameter help (option CORE_PARAM_HELP) lists all and ends the system with
 *status 0. Parameters are set before the first entry of the init table runs. */
#pragma once

#include <core/param/config.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/base.h>
#include <uk/set.h>

struct uk_param {
	const char *name, *help;
	const char *shape; /* what a value looks like: "on|off" */
	int (*set)(const struct uk_param *p, const char *value);
	void *var;
	int (*function)(const char *value);
};

/* At file scope: parameter name (a string) sets var, of the type said, before the init table runs.
 * BOOL: bool, takes on off yes no true false 1 0. INT: int. UINT: unsigned. U64: uint64_t. SIZE: size_t in bytes, takes
 * suffixes K M G T. STRING: const char *, valid for ever. Numbers are decimal or 0x. */
#define UK_PARAM_BOOL(name, var, help) UK_PARAM_VAR_(name, var, help, bool, bool, "on|off")
#define UK_PARAM_INT(name, var, help) UK_PARAM_VAR_(name, var, help, int, int, "number")
#define UK_PARAM_UINT(name, var, help) UK_PARAM_VAR_(name, var, help, unsigned, uint, "number")
#define UK_PARAM_U64(name, var, help) UK_PARAM_VAR_(name, var, help, uint64_t, u64, "number")
#define UK_PARAM_SIZE(name, var, help) UK_PARAM_VAR_(name, var, help, size_t, size, "size[K|M|G|T]")
#define UK_PARAM_STRING(name, var, help) UK_PARAM_VAR_(name, var, help, const char *, string, "text")

/* At file scope: parameter name is given to `int function(const char *value)`, which returns 0 or -errno and may say
 * what is wrong with `return uk_param_reject("unknown heap; built in: %s", names)`. value is valid for ever. It runs
 * before the init table: no heap, no device. A parameter may be given more than once. */
#define UK_PARAM_FUNC(name, function, help)                                                                            \
	UK_PARAM_ADD_(UK_JOIN(uk_param_at_, __LINE__), name, help, "...", uk_param_set_function, NULL, function)

#define UK_PARAM_VAR_(name, var, help, type, kind, shape)                                                              \
	_Static_assert(__builtin_types_compatible_p(__typeof__(var), type), name ": the variable is not " #type);      \
	UK_PARAM_ADD_(UK_JOIN(uk_param_at_, __LINE__), name, help, shape, uk_param_set_##kind, &(var), NULL)
#define UK_PARAM_ADD_(object, name, help, shape, set, address, function)                                               \
	UK_PARAM_ADD2_(object, name, help, shape, set, address, function)
#define UK_PARAM_ADD2_(object, name, help, shape, set, address, function)                                              \
	static const struct uk_param object = {name,    UK_PARAM_TEXT_(help), UK_PARAM_TEXT_(shape), set, address,     \
					       function};                                                              \
	UK_SET_ADD(param, struct uk_param, object)
#define UK_PARAM_TEXT_(text) (UK_ENABLED(CORE_PARAM_HELP) ? text : NULL)

/* Parse value for a parameter of each type and set its variable; what the macros above refer to, one function for each
 * type so that those of other types are not in the image. 0, -EINVAL or -ERANGE. Context: core/param. */
int uk_param_set_bool(const struct uk_param *p, const char *value);
int uk_param_set_int(const struct uk_param *p, const char *value);
int uk_param_set_uint(const struct uk_param *p, const char *value);
int uk_param_set_u64(const struct uk_param *p, const char *value);
int uk_param_set_size(const struct uk_param *p, const char *value);
int uk_param_set_string(const struct uk_param *p, const char *value);
int uk_param_set_function(const struct uk_param *p, const char *value);

/* Say why a value is refused, from a function of UK_PARAM_FUNC(): the text follows "name=value: ". Returns -EINVAL.
 * Context: such a function. */
int uk_param_reject(const char *format, ...) UK_PRINTF(1, 2);

/* What follows "--" and the environment, NULL-terminated arrays, valid for ever. argv[0] is the application's name. */
struct uk_param_args {
	int argc;
	char **argv, **envp;
};

/* Parse the command line, set all parameters, fill in *args. 0 to go on; 1 after printing the list that `help` asks
 * for; -EINVAL for a mistake, which has been explained on the console. Context: once, by core/boot. */
int uk_param_parse(const char *cmdline, const char *program, struct uk_param_args *args);

/* Fetch one parameter before anything is set up: the value of the last name=value before "--", unquoted, into out.
 * 0; -ENOENT if it is not there, -E2BIG if it does not fit in size bytes with its NUL. Pure: touches only its
 * arguments. Context: any. */
int uk_param_early(const char *cmdline, const char *name, char *out, size_t size);
