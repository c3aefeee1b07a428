/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Unit tests: cases registered at file scope, run by the application `tests`, results as TAP on the console.
 *
 *	UK_TEST(ring, wraps) { UK_CHECK_EQ(used(), 3); }
 *	UK_TEST_EACH(ring, sizes, struct size, sizes) { UK_CHECK(it->n > 0); }     once for each element of sizes[]
 *	UK_TEST_FIXTURE(ring, setup, teardown);                                     around each case of the suite
 *	UK_TEST_CRASH(ring, full_push, "assertion failed") { push_too_many(); }    must panic with this in the message
 *
 * The boot parameter test.match=GLOB picks cases by "suite.name". A case that panics unexpectedly fails
 * and the rest go on.
 *
 * The checks may be used by any thread below a case, as long as the case waits for it. In a thread that a case has made
 * UK_REQUIRE(), UK_SKIP() and a panic end the innermost uk_test_guard() of that thread, or, without one, the thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/base.h>
#include <uk/set.h>

struct uk_test_case {
	const char *suite, *name;
	const char *crash; /* NULL, or what the panic's message must contain */
	void (*run)(const void *it);
	const void *array; /* NULL, or the elements that run is called with */
	size_t size, count;
};

/* Around each case of a suite: setup returns 0, or -errno, which fails the case without running it; teardown runs
 * whenever setup succeeded. Either may be NULL. */
struct uk_test_fixture {
	const char *suite;
	int (*setup)(void);
	void (*teardown)(void);
};

#define UK_TEST(suite, name) UK_TEST_CASE_(suite, name, NULL)
#define UK_TEST_CRASH(suite, name, text) UK_TEST_CASE_(suite, name, text)
#define UK_TEST_CASE_(suite, name, crash)                                                                              \
	static void uk_test_body_##suite##_##name(void);                                                               \
	static void uk_test_run_##suite##_##name(const void *it UK_UNUSED)                                             \
	{                                                                                                              \
		uk_test_body_##suite##_##name();                                                                       \
	}                                                                                                              \
	static const struct uk_test_case suite##_##name = {#suite, #name, crash, uk_test_run_##suite##_##name,         \
							   NULL,   0,     1};                                          \
	UK_SET_ADD(test, struct uk_test_case, suite##_##name);                                                         \
	static void uk_test_body_##suite##_##name(void)

#define UK_TEST_EACH(suite, name, type, array)                                                                         \
	static void uk_test_body_##suite##_##name(const type *it);                                                     \
	static void uk_test_run_##suite##_##name(const void *it)                                                       \
	{                                                                                                              \
		uk_test_body_##suite##_##name(it);                                                                     \
	}                                                                                                              \
	static const struct uk_test_case suite##_##name = {                                                            \
	    #suite, #name, NULL, uk_test_run_##suite##_##name, array, sizeof((array)[0]), UK_ARRAY_SIZE(array)};       \
	UK_SET_ADD(test, struct uk_test_case, suite##_##name);                                                         \
	static void uk_test_body_##suite##_##name(const type *it)

#define UK_TEST_FIXTURE(suite, setup, teardown)                                                                        \
	static const struct uk_test_fixture suite##_fixture = {#suite, setup, teardown};                               \
	UK_SET_ADD(test_fixture, struct uk_test_fixture, suite##_fixture)

#define UK_TEST_AT_ __FILE_NAME__ ":" UK_STRING(__LINE__)

/* Record a failure and go on: a condition, two integers, two strings (NULL equals NULL), two pointers. */
#define UK_CHECK(cond) uk_test_check(!!(cond), UK_TEST_AT_, #cond)
#define UK_CHECK_EQ(a, b) uk_test_check_eq((long long)(a), (long long)(b), UK_TEST_AT_, #a " == " #b)
#define UK_CHECK_STR(a, b) uk_test_check_str(a, b, UK_TEST_AT_, #a " == " #b)
#define UK_CHECK_PTR(a, b)                                                                                             \
	uk_test_check_eq((long long)(uintptr_t)(a), (long long)(uintptr_t)(b), UK_TEST_AT_, #a " == " #b)
/* Record a failure and end the case. */
#define UK_REQUIRE(cond)                                                                                               \
	do {                                                                                                           \
		if (!uk_test_check(!!(cond), UK_TEST_AT_, #cond))                                                      \
			uk_test_leave();                                                                               \
	} while (0)
/* End the case as skipped, with the reason (a string). */
#define UK_SKIP(reason) uk_test_skip(reason)

/* What the macros call; they return whether the check held. `at` is file:line, `text` the source of the check.
 * Context: a test case. */
bool uk_test_check(bool ok, const char *at, const char *text);
bool uk_test_check_eq(long long a, long long b, const char *at, const char *text);
bool uk_test_check_str(const char *a, const char *b, const char *at, const char *text);

/* End the case in progress: with the failures recorded so far, or as skipped. The teardown still runs.
 * Context: a test case. */
_Noreturn void uk_test_leave(void);
_Noreturn void uk_test_skip(const char *reason);

/* Call f(arg) so that UK_REQUIRE(), UK_SKIP() and a panic leave it instead of what has called this. They nest. Whether
 * f returned. Context: a test case, in any thread. */
bool uk_test_guard(void (*f)(void *arg), void *arg);

/* Run all cases that test.match= selects and print TAP. 0, or 1 if any failed or none matched.
 * Context: boot thread. */
int uk_test_run(void);
