/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <sched/thread/config.h>

#include <errno.h>
#include <string.h>

#include <uk/plat/boot.h>
#include <uk/plat/cpu.h>
#include <uk/plat/time.h>
#include <uk/test.h>
#include <uk/thread.h>

#define MS 1000000ull

static struct uk_wait_queue queue = UK_WAIT_QUEUE_INIT(queue);
static unsigned order[64], ordered;

static struct uk_thread *make(const struct uk_thread_attr *attr, void *(*entry)(void *arg), void *arg)
{
	struct uk_thread *t = NULL;

	UK_CHECK_EQ(uk_thread_create(&t, attr, entry, arg), 0);
	UK_REQUIRE(t != NULL);
	return t;
}

static void *join(struct uk_thread *t)
{
	void *result = NULL;

	UK_CHECK_EQ(uk_thread_join(t, &result, UK_WAIT_FOREVER, false), 0);
	return result;
}

static void *echo(void *arg)
{
	return arg;
}

static void *leave(void *arg)
{
	uk_thread_exit(arg);
}

UK_TEST(thread, result_reaches_the_joiner)
{
	int x;

	UK_CHECK_PTR(join(make(NULL, echo, &x)), &x);
	UK_CHECK_PTR(join(make(NULL, leave, &x)), &x);
}

UK_TEST(thread, many_one_after_the_other)
{
	const unsigned before = uk_thread_count();

	for (unsigned i = 1; i <= 1000; i++)
		UK_REQUIRE(join(make(NULL, echo, (void *)(uintptr_t)i)) == (void *)(uintptr_t)i);
	UK_CHECK_EQ(uk_thread_count(), before);
}

UK_TEST(thread, many_at_a_time)
{
	static struct uk_thread *t[200];
	const struct uk_thread_attr attr = {.stack_size = 8192};
	const unsigned before = uk_thread_count();

	for (uintptr_t i = 0; i < UK_ARRAY_SIZE(t); i++)
		t[i] = make(&attr, echo, (void *)i);
	for (uintptr_t i = 0; i < UK_ARRAY_SIZE(t); i++)
		UK_CHECK_PTR(join(t[i]), (void *)i);
	UK_CHECK_EQ(uk_thread_count(), before);
}

static _Thread_local unsigned local = 42;
static _Thread_local unsigned zero;

static void *use_local(void *arg)
{
	const bool fresh = local == 42 && zero == 0;

	local = zero = (unsigned)(uintptr_t)arg;
	uk_thread_yield();
	return (void *)(uintptr_t)(fresh && local == (unsigned)(uintptr_t)arg && zero == local);
}

/* On the hosted platform, all threads share the one block of the C library there. */
UK_TEST(thread, thread_local_storage)
{
	struct uk_thread *a, *b;

	if (!strcmp(uk_plat_name(), "host"))
		UK_SKIP("the build machine's C library owns thread-local storage here");
	a = make(NULL, use_local, (void *)1);
	b = make(NULL, use_local, (void *)2);
	UK_CHECK(join(a) != NULL);
	UK_CHECK(join(b) != NULL);
	UK_CHECK(local == 42 && zero == 0);
}

static void *wait_once(void *arg)
{
	bool *go = arg;
	const int err = uk_wait(&queue, *go, UK_WAIT_FOREVER);

	order[ordered++] = 1;
	return (void *)(intptr_t)err;
}

UK_TEST(thread, waiting_blocks_the_thread_only)
{
	bool go = false;
	struct uk_thread *t = make(NULL, wait_once, &go);

	uk_wait_until(uk_plat_time_ns() + MS);
	UK_CHECK_EQ(uk_thread_join(t, NULL, uk_plat_time_ns() + MS, false), -ETIMEDOUT);
	UK_CHECK_EQ(t->state, UK_THREAD_WAITING);
	go = true;
	uk_wait_wake(&queue);
	UK_CHECK_PTR(join(t), NULL);
}

static void *wait_in_line(void *arg)
{
	unsigned long state = uk_lock_acquire_irq(&queue.lock);

	UK_CHECK(uk_wait_block(&queue, UK_WAIT_FOREVER));
	order[ordered++] = (unsigned)(uintptr_t)arg;
	uk_lock_release_irq(&queue.lock, state);
	return NULL;
}

UK_TEST(thread, wake_one_takes_the_longest_waiting)
{
	struct uk_thread *t[8];

	ordered = 0;
	for (uintptr_t i = 0; i < 8; i++) {
		t[i] = make(NULL, wait_in_line, (void *)i);
		while (t[i]->state != UK_THREAD_WAITING)
			uk_wait_until(uk_plat_time_ns() + MS / 10);
	}
	for (unsigned i = 0; i < 8; i++) {
		UK_CHECK(uk_wait_wake_one(&queue));
		join(t[i]);
	}
	UK_CHECK(!uk_wait_wake_one(&queue));
	UK_CHECK_EQ(ordered, 8);
	for (unsigned i = 0; i < 8; i++)
		UK_CHECK_EQ(order[i], i);
}

UK_TEST(thread, sleeping_takes_its_time)
{
	const uint64_t deadline = uk_plat_time_ns() + 5 * MS;

	uk_wait_until(deadline);
	UK_CHECK(uk_plat_time_ns() >= deadline);
}

static uint64_t start;

static void *sleep_and_note(void *arg)
{
	const unsigned n = (unsigned)(uintptr_t)arg;

	uk_wait_until(start + (n + 1) * 20 * MS);
	order[ordered++] = n;
	return NULL;
}

/* All on one CPU: there the clock makes them ready in this order, however late it is. */
UK_TEST(thread, sleepers_wake_in_the_order_of_their_deadlines)
{
	static const unsigned when[] = {3, 1, 2, 0};
	const struct uk_thread_attr attr = {.affinity = 1};
	struct uk_thread *t[4];

	if (!strcmp(uk_sched_current()->name, "fair") || !strcmp(uk_sched_current()->name, "edf"))
		UK_SKIP("who is ready first need not run first here");
	ordered = 0;
	start = uk_plat_time_ns();
	for (unsigned i = 0; i < 4; i++)
		t[i] = make(&attr, sleep_and_note, (void *)(uintptr_t)when[i]);
	for (unsigned i = 0; i < 4; i++)
		join(t[i]);
	for (unsigned i = 0; i < 4; i++)
		UK_CHECK_EQ(order[i], i);
}

UK_TEST(thread, join_errors)
{
	const struct uk_thread_attr detached = {.detached = true};
	const unsigned before = uk_thread_count();
	bool go = false;
	struct uk_thread *t = make(&detached, wait_once, &go);

	UK_CHECK_EQ(uk_thread_join(uk_thread_self(), NULL, UK_WAIT_FOREVER, false), -EDEADLK);
	UK_CHECK_EQ(uk_thread_join(t, NULL, UK_WAIT_FOREVER, false), -EINVAL);
	UK_CHECK_EQ(uk_thread_detach(t), -EINVAL);
	go = true;
	uk_wait_wake(&queue);
	while (uk_thread_count() > before)
		uk_thread_yield();
}

static void *join_it(void *arg)
{
	return (void *)(intptr_t)uk_thread_join(arg, NULL, UK_WAIT_FOREVER, false);
}

UK_TEST(thread, only_one_joins)
{
	bool go = false;
	struct uk_thread *t = make(NULL, wait_once, &go), *joiner = make(NULL, join_it, t);

	while (joiner->state != UK_THREAD_WAITING)
		uk_wait_until(uk_plat_time_ns() + MS / 10);
	UK_CHECK_EQ(uk_thread_join(t, NULL, UK_WAIT_FOREVER, false), -EINVAL);
	UK_CHECK_EQ(uk_thread_detach(t), -EINVAL);
	go = true;
	uk_wait_wake(&queue);
	UK_CHECK_PTR(join(joiner), NULL);
}

UK_TEST(thread, detach_after_the_end)
{
	struct uk_thread *t = make(NULL, echo, NULL);
	uint32_t generation = t->generation;

	while (t->state != UK_THREAD_ENDED)
		uk_wait_until(uk_plat_time_ns() + MS / 10);
	UK_CHECK_EQ(uk_thread_detach(t), 0);
	UK_CHECK_EQ(t->state, UK_THREAD_FREE);
	UK_CHECK_EQ(t->generation, generation + 1);
}

UK_TEST(thread, bad_attributes)
{
	const struct uk_thread_attr small = {.stack_size = UK_THREAD_STACK_MIN - 1},
				    huge = {.stack_size = SIZE_MAX / 2},
				    priority = {.params.priority = UK_SCHED_PRIORITIES},
				    nowhere = {.affinity = (uint64_t)1 << 63};
	struct uk_thread *t;

	UK_CHECK_EQ(uk_thread_create(&t, &small, echo, NULL), -EINVAL);
	UK_CHECK_EQ(uk_thread_create(&t, &huge, echo, NULL), -EAGAIN);
	UK_CHECK_EQ(uk_thread_create(&t, &priority, echo, NULL), -EINVAL);
	UK_CHECK_EQ(uk_thread_create(&t, &nowhere, echo, NULL), -EINVAL);
	UK_CHECK_EQ(uk_thread_affinity_set(uk_thread_self(), 0), -EINVAL);
	UK_CHECK_EQ(uk_thread_affinity_set(uk_thread_self(), (uint64_t)1 << 63), -EINVAL);
	UK_CHECK_EQ(uk_thread_params_set(uk_thread_self(), &priority.params), -EINVAL);
}

UK_TEST(thread, memory_ends_with_an_error)
{
	static struct uk_thread *t[4096];
	const struct uk_thread_attr attr = {.stack_size = (size_t)64 << 20};
	unsigned n = 0;
	int err = 0;

	while (n < UK_ARRAY_SIZE(t) && !(err = uk_thread_create(&t[n], &attr, echo, NULL)))
		n++;
	UK_CHECK_EQ(err, -EAGAIN);
	while (n)
		join(t[--n]);
	UK_CHECK_PTR(join(make(NULL, echo, &n)), &n);
}

static char own_stack[16384];

static void *stack_address(void *arg)
{
	char here;

	*(uintptr_t *)arg = (uintptr_t)&here;
	return NULL;
}

UK_TEST(thread, stack_of_the_callers)
{
	const struct uk_thread_attr attr = {.stack = own_stack, .stack_size = sizeof(own_stack)};
	uintptr_t at = 0;

	join(make(&attr, stack_address, &at));
	UK_CHECK(at - (uintptr_t)own_stack < sizeof(own_stack));
}

static void *interrupted_wait(void *arg)
{
	const bool *never = arg;
	const int err = uk_wait_interruptible(&queue, *never, UK_WAIT_FOREVER);

	UK_CHECK(uk_thread_interrupt_clear());
	UK_CHECK(!uk_thread_interrupt_clear());
	return (void *)(intptr_t)err;
}

UK_TEST(thread, interrupt_ends_a_wait)
{
	bool never = false;
	struct uk_thread *t = make(NULL, interrupted_wait, &never);

	while (t->state != UK_THREAD_WAITING)
		uk_wait_until(uk_plat_time_ns() + MS / 10);
	uk_thread_interrupt(t);
	UK_CHECK_EQ((intptr_t)join(t), -EINTR);
	t = make(NULL, interrupted_wait, &never); /* before it begins, if it has not begun */
	uk_thread_interrupt(t);
	UK_CHECK_EQ((intptr_t)join(t), -EINTR);
	uk_thread_interrupt(uk_thread_self());
	UK_CHECK_EQ(uk_wait_interruptible(&queue, false, UK_WAIT_FOREVER), -EINTR);
	UK_CHECK(uk_thread_interrupt_clear());
}

static volatile bool posted;

static void note_posted(void)
{
	posted = true;
}

static void *spin_until_posted(void *arg UK_UNUSED)
{
	while (!posted)
		uk_thread_yield();
	return NULL;
}

UK_TEST(thread, posted_work_interrupts_a_running_thread)
{
	struct uk_thread *t;

	posted = false;
	t = make(NULL, spin_until_posted, NULL);
	uk_thread_yield();
	uk_thread_post(t, note_posted);
	join(t);
	posted = false;
	uk_thread_post(uk_thread_self(), note_posted);
	for (uint64_t end = uk_plat_time_ns() + 1000 * MS; !posted && uk_plat_time_ns() < end;)
		uk_thread_work();
	UK_CHECK(posted);
	uk_thread_interrupt_clear();
}

static unsigned fired;

static void on_timer(struct uk_timer *t UK_UNUSED)
{
	fired++;
	uk_wait_wake(&queue);
}

UK_TEST(thread, timers_fire_once)
{
	struct uk_timer t;
	const uint64_t deadline = uk_plat_time_ns() + 2 * MS;

	fired = 0;
	uk_timer_init(&t, on_timer);
	UK_CHECK(!uk_timer_cancel(&t));
	uk_timer_set(&t, deadline + 1000000 * MS);
	uk_timer_set(&t, deadline);
	UK_CHECK_EQ(uk_wait(&queue, fired > 0, UK_WAIT_FOREVER), 0);
	UK_CHECK(uk_plat_time_ns() >= deadline);
	UK_CHECK(!uk_timer_cancel(&t));
	uk_timer_set(&t, uk_plat_time_ns() + 1000000 * MS);
	UK_CHECK(uk_timer_cancel(&t));
	UK_CHECK_EQ(fired, 1);
}

/* The clock interrupts a thread that does not wait. */
UK_TEST(thread, timers_fire_while_busy)
{
	struct uk_timer t;
	const uint64_t end = uk_plat_time_ns() + 10000 * MS;

	if (!strcmp(uk_plat_name(), "host"))
		UK_SKIP("no interrupts on this platform");
	fired = 0;
	uk_timer_init(&t, on_timer);
	uk_timer_set(&t, uk_plat_time_ns() + MS);
	while (!__atomic_load_n(&fired, __ATOMIC_RELAXED) && uk_plat_time_ns() < end)
		;
	UK_CHECK_EQ(fired, 1);
}

static volatile bool stop;

static void *run_until_stopped(void *arg)
{
	unsigned long *count = arg;

	while (!stop)
		++*count;
	return NULL;
}

UK_TEST(thread, threads_that_never_wait_are_preempted)
{
	static unsigned long count[2];
	struct uk_thread *a, *b;

	if (!uk_sched_current()->preemptive || !strcmp(uk_plat_name(), "host"))
		UK_SKIP("no preemption here");
	stop = false;
	a = make(NULL, run_until_stopped, &count[0]);
	b = make(NULL, run_until_stopped, &count[1]);
	uk_wait_until(uk_plat_time_ns() + 60 * MS);
	stop = true;
	join(a);
	join(b);
	UK_CHECK(count[0] > 0 && count[1] > 0);
	UK_CHECK(!UK_ENABLED(SCHED_THREAD_CPUTIME) || uk_thread_cputime(uk_thread_self()) > 0);
}

static void *overrun(void *arg)
{
	volatile char room[512];

	room[0] = (char)(uintptr_t)arg;
	if (arg) /* always */
		overrun((void *)((uintptr_t)arg + 1));
	return (void *)(uintptr_t)(room[0] + 1);
}

UK_TEST_CRASH(thread, stack_overflow_is_told, "stack overflow in thread")
{
	const struct uk_thread_attr attr = {.name = "deep", .stack_size = 16384};

	if (!strcmp(uk_plat_name(), "host"))
		UK_SKIP("sanitizers have a word in it here");
	if (!UK_ENABLED(SCHED_THREAD_GUARD))
		UK_SKIP("without guard pages it would destroy what is below the stack");
	join(make(&attr, overrun, (void *)1));
}

static void *write_below(void *arg)
{
	memset(arg, 0x55, 64);
	uk_thread_yield();
	uk_wait_until(uk_plat_time_ns() + MS);
	return NULL;
}

UK_TEST_CRASH(thread, overrun_of_a_stack_without_guard_is_told, "stack overflow in thread")
{
	const struct uk_thread_attr attr = {.name = "shallow", .stack = own_stack, .stack_size = sizeof(own_stack)};

	if (!strcmp(uk_plat_name(), "host"))
		UK_SKIP("a panic in a thread cannot be left here: thread-local storage is the C library's");
	join(make(&attr, write_below, own_stack));
}

UK_TEST(thread, names_and_marks)
{
	const struct uk_thread_attr attr = {.name = "a name longer than it may be"};
	bool go = false;
	struct uk_thread *t = make(&attr, wait_once, &go);

	UK_CHECK_STR(t->name, "a name longer t");
	uk_thread_name_set(t, "short");
	UK_CHECK_STR(t->name, "short");
	while (t->state != UK_THREAD_WAITING)
		uk_wait_until(uk_plat_time_ns() + MS / 10);
	UK_CHECK(!UK_ENABLED(SCHED_THREAD_MARKS) || uk_thread_stack_peak(t) > 100);
	UK_CHECK(uk_thread_stack_peak(t) < 65536);
	if (UK_ENABLED(SCHED_THREAD_DUMP))
		uk_thread_dump();
	go = true;
	uk_wait_wake(&queue);
	join(t);
}
