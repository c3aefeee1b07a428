/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Runs a program of newlib's test suite as a test case: its main() is renamed, its exit() and abort() come back here.
 * Define SUITE as a name, include this, then the program's source, then define the case. */
#pragma once

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <search.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include <uk/test.h>

/* The programs talk a lot; only the end of it is kept, and shown when one fails. */
static char suite_said[256];

static int __attribute__((format(printf, 1, 2))) suite_print(const char *format, ...)
{
	size_t len = strlen(suite_said);
	va_list args;
	int n;

	if (len > sizeof(suite_said) / 2)
		len = 0;
	va_start(args, format);
	n = vsnprintf(suite_said + len, sizeof(suite_said) - len, format, args);
	va_end(args);
	return n;
}

static jmp_buf suite_end;
static int suite_status;

static void __attribute__((noreturn)) suite_exit(int status)
{
	suite_status = status;
	longjmp(suite_end, 1);
}

/* Pass on the status; say what a program that failed said last, on one line. */
static int suite_report(int status)
{
	for (char *p = suite_said; *p; p++)
		*p = *p == '\n' ? ' ' : *p;
	if (status)
		printf("# %s\n", suite_said);
	return status;
}

/* The status of a program: what it returned or gave to exit(), 134 after abort(). */
#define SUITE_RUN(call) suite_report(setjmp(suite_end) ? suite_status : (call))

#define printf(...) suite_print(__VA_ARGS__)
#define putchar(c) suite_print("%c", c)
#define fprintf(stream, ...) suite_print(__VA_ARGS__)
#define exit(status) suite_exit(status)
#define abort() suite_exit(134)

/* Names that several of the programs have, made different. */
#define main UK_JOIN(uk_newlib_suite_, SUITE)
#define errors UK_JOIN(SUITE, _errors)
#define print_error UK_JOIN(SUITE, _print_error)
#define m UK_JOIN(SUITE, _m)
#define suite_main main
