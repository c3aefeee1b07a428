/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Runs the cases one after the other. A case is left early, by a failed UK_REQUIRE(), a skip or a panic, through a
 * jump buffer, of which every thread has its own; what it has found so far is in `now`, in static memory, which a jump
 * does not touch.
 *
 * Locking: what is in `now` but first[] and failed is set while the case has no threads, or is one word. Those two
 * change under the lock. A panic comes from one CPU at a time: core/assert sees to that. */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <uk/arch/jump.h>
#include <uk/assert.h>
#include <uk/lock.h>
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
	const char *crash; /* what a panic must say to be the expected one */
	const char *skip;
	bool running, crashed, failed;
	char first[200]; /* the first failure */
} now;

static struct uk_lock lock = UK_LOCK_INIT;
static _Thread_local struct uk_arch_jump *leave; /* of the innermost guard; NULL: none in this thread */

/* The scheduler's, absent without one: the end of a thread that has no guard. */
_Noreturn UK_WEAK void uk_thread_exit(void *result);

static void fail(const char *at, const char *text)
{
	unsigned long state;

	uk_printf("# %s: %s\n", at, text);
	state = uk_lock_acquire_irq(&lock);
	if (!now.failed)
		uk_snprintf(now.first, sizeof(now.first), "%s: %s", at, text);
	now.failed = true;
	uk_lock_release_irq(&lock, state);
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
	if (leave)
		uk_arch_longjmp(leave, 1);
	if (!uk_thread_exit)
		UK_BUG("left where no test runs");
	uk_thread_exit(NULL);
}

_Noreturn void uk_test_skip(const char *reason)
{
	now.skip = reason;
	uk_test_leave();
}

static void on_panic(const char *message, int reported)
{
	bool expected = now.crash && strstr(message, now.crash);

	if (!now.running || (!leave && !uk_thread_exit) || (!expected && !reported))
		return;
	if (expected)
		now.crashed = true;
	else
		fail("panic", message);
	uk_bug_recovered();
	uk_test_leave();
}

/* A jump may come with interrupts masked: they are as before when this returns. */
bool uk_test_guard(void (*f)(void *arg), void *arg)
{
	struct uk_arch_jump *outer = leave;
	unsigned long irq = uk_plat_irq_save();
	volatile bool returned = false;
	struct uk_arch_jump mine;

	uk_plat_irq_restore(irq);
	if (!uk_arch_setjmp(&mine)) {
		leave = &mine;
		f(arg);
		returned = true;
	}
	leave = outer;
	uk_plat_irq_restore(irq);
	return returned;
}

/* A part of a case: its function, setup or teardown. */
struct part {
	void (*run)(const void *it);
	const void *it;
	int (*setup)(void);
	void (*teardown)(void);
};

static void call(void *arg)
{
	const struct part *p = arg;

	if (p->run)
		p->run(p->it);
	if (p->setup)
		uk_test_check(p->setup() == 0, "fixture", "setup failed");
	if (p->teardown)
		p->teardown();
}

static void guarded(void (*run)(const void *it), const void *it, int (*setup)(void), void (*teardown)(void))
{
	struct part part = {run, it, setup, teardown};

	now.running = true;
	uk_test_guard(call, &part);
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
