/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Runs the cases one after the other. A case is left early, by a failed UK_REQUIRE(), a skip or a panic, through one
 * jump buffer; what it has found so far is in `now`, in static memory, which a jump does not touch. */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <uk/arch/jump.h>
#include <uk/assert.h>
#include <uk/param.h>
#include <uk/plat/cpu.h>
#include <uk/print.h>
#include <uk/test.h>
#include <uk/text.h>

UK_SET_DECLARE(test, struct uk_test_case);
UK_SET_DECLARE(test_fixture, struct uk_test_fixture);

static const char *match = "*";
UK_PARAM_STRING("test.match", match, "run the cases whose suite.name matches this pattern (* and ?)");

/* The case in progress. */
static struct {
	struct uk_arch_jump leave;
	unsigned long irq;
	const char *crash; /* what a panic must say to be the expected one */
	const char *skip;
	bool running, crashed, failed;
	char first[200]; /* the first failure */
} now;

static void fail(const char *at, const char *text)
{
	uk_printf("# %s: %s\n", at, text);
	if (!now.failed)
		uk_snprintf(now.first, sizeof(now.first), "%s: %s", at, text);
	now.failed = true;
}

bool uk_test_check(bool ok, const char *at, const char *text)
{
	if (!ok)
		fail(at, text);
	return ok;
}

bool uk_test_check_eq(long long a, long long b, const char *at, const char *text)
{
	char buf[160];

	if (a == b)
		return true;
	uk_snprintf(buf, sizeof(buf), "%s (%lld, %lld = 0x%llx, 0x%llx)", text, a, b, a, b);
	fail(at, buf);
	return false;
}

bool uk_test_check_str(const char *a, const char *b, const char *at, const char *text)
{
	char buf[160];

	if (a == b || (a && b && !strcmp(a, b)))
		return true;
	uk_snprintf(buf, sizeof(buf), "%s ('%s', '%s')", text, a, b);
	fail(at, buf);
	return false;
}

_Noreturn void uk_test_leave(void)
{
	uk_arch_longjmp(&now.leave, 1);
}

_Noreturn void uk_test_skip(const char *reason)
{
	now.skip = reason;
	uk_test_leave();
}

static void on_panic(const char *message, int reported)
{
	bool expected = now.crash && strstr(message, now.crash);

	if (!now.running || (!expected && !reported))
		return;
	if (expected)
		now.crashed = true;
	else
		fail("panic", message);
	uk_bug_recovered();
	uk_test_leave();
}

/* Call run(it), or setup or teardown, so that it can be left from within. */
static void guarded(void (*run)(const void *it), const void *it, int (*setup)(void), void (*teardown)(void))
{
	now.running = true;
	now.irq = uk_plat_irq_save();
	uk_plat_irq_restore(now.irq);
	if (!uk_arch_setjmp(&now.leave)) {
		if (run)
			run(it);
		if (setup && !uk_test_check(setup() == 0, "fixture", "setup failed"))
			uk_test_leave();
		if (teardown)
			teardown();
	}
	uk_plat_irq_restore(now.irq);
	now.running = false;
}

static const struct uk_test_fixture *fixture_of(const struct uk_test_case *test)
{
	static const struct uk_test_fixture none;

	UK_SET_EACH (test_fixture, struct uk_test_fixture, fixture)
		if (!strcmp(fixture->suite, test->suite))
			return fixture;
	return &none;
}

/* Run one case on one element, filling in `now`. */
static void run_one(const struct uk_test_case *test, const void *it)
{
	const struct uk_test_fixture *fixture = fixture_of(test);

	memset(&now, 0, sizeof(now));
	if (fixture->setup)
		guarded(NULL, NULL, fixture->setup, NULL);
	if (now.failed || now.skip)
		return;
	now.crash = test->crash;
	guarded(test->run, it, NULL, NULL);
	if (now.crash && !now.crashed && !now.failed && !now.skip)
		fail("no panic, expected", now.crash);
	now.crash = NULL;
	if (fixture->teardown)
		guarded(NULL, NULL, NULL, fixture->teardown);
}

static void print_result(unsigned number, const struct uk_test_case *test, size_t element)
{
	char index[24] = "";

	if (test->array)
		uk_snprintf(index, sizeof(index), "[%zu]", element);
	uk_printf("%s %u - %s.%s%s%s%s\n", now.failed ? "not ok" : "ok", number, test->suite, test->name, index,
		  now.failed ? " # "
		  : now.skip ? " # SKIP "
			     : "",
		  now.failed ? now.first
		  : now.skip ? now.skip
			     : "");
}

static bool selected(const struct uk_test_case *test)
{
	char name[128];

	uk_snprintf(name, sizeof(name), "%s.%s", test->suite, test->name);
	return uk_text_match(match, name);
}

static size_t count_selected(void)
{
	size_t n = 0;

	UK_SET_EACH (test, struct uk_test_case, test)
		n += selected(test) ? test->count : 0;
	return n;
}

/* The parameter's text lies in a buffer of core/param, whose own tests write there. */
static int keep_match(void)
{
	static char copy[256];
	int len = uk_snprintf(copy, sizeof(copy), "%s", match);

	if (len >= (int)sizeof(copy)) {
		uk_printf("Bail out! test.match= is longer than %zu characters\n", sizeof(copy) - 1);
		return -E2BIG;
	}
	match = copy;
	return 0;
}

int uk_test_run(void)
{
	unsigned number = 0, failures = 0;
	size_t count;

	if (keep_match())
		return 1;
	count = count_selected();
	uk_printf("1..%zu\n", count);
	if (!count)
		uk_printf("# no case matches test.match=%s\n", match);
	uk_bug_hook(on_panic);
	UK_SET_EACH (test, struct uk_test_case, test) {
		for (size_t i = 0; selected(test) && i < test->count; i++) {
			run_one(test, test->array ? (const char *)test->array + i * test->size : NULL);
			print_result(++number, test, i);
			failures += now.failed;
		}
	}
	uk_bug_hook(NULL);
	return failures || !count;
}
