/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* C11 threads. */

#include <threads.h>

#include <uk/test.h>

static mtx_t mutex;
static cnd_t cond;
static tss_t key;
static once_flag once = ONCE_FLAG_INIT;
static thread_local int mine;
static int turn, calls, destroyed;

static void count_call(void)
{
	calls++;
}

static void count_destroyed(void *value)
{
	destroyed += value == &turn;
}

static int work(void *arg)
{
	mine = *(int *)arg;
	call_once(&once, count_call);
	tss_set(key, &turn);
	mtx_lock(&mutex);
	mtx_lock(&mutex);
	turn++;
	cnd_signal(&cond);
	mtx_unlock(&mutex);
	mtx_unlock(&mutex);
	if (mine < 0)
		thrd_exit(mine);
	return mine;
}

UK_TEST(threads_h, everything)
{
	int results[] = {7, -8}, result = 0;
	struct timespec past = {1, 0};
	thrd_t t;

	UK_CHECK_EQ(mtx_init(&mutex, 77), thrd_error);
	UK_CHECK_EQ(mtx_init(&mutex, mtx_timed | mtx_recursive), thrd_success);
	UK_CHECK_EQ(cnd_init(&cond), thrd_success);
	UK_CHECK_EQ(tss_create(&key, count_destroyed), thrd_success);
	for (int i = 0; i < 2; i++) {
		turn = 0;
		UK_REQUIRE(thrd_create(&t, work, &results[i]) == thrd_success);
		mtx_lock(&mutex);
		while (!turn)
			cnd_wait(&cond, &mutex);
		mtx_unlock(&mutex);
		UK_CHECK(!thrd_equal(t, thrd_current()));
		UK_CHECK_EQ(thrd_join(t, &result), thrd_success);
		UK_CHECK_EQ(result, results[i]);
		UK_CHECK_EQ(thrd_join(t, &result), thrd_error);
	}
	UK_CHECK(calls == 1 && destroyed == 2 && mine == 0 && !tss_get(key));
	UK_CHECK_EQ(mtx_trylock(&mutex), thrd_success);
	UK_CHECK_EQ(cnd_timedwait(&cond, &mutex, &past), thrd_timedout);
	UK_CHECK_EQ(mtx_timedlock(&mutex, &past), thrd_success);
	mtx_unlock(&mutex);
	mtx_unlock(&mutex);
	UK_CHECK_EQ(thrd_sleep(&(struct timespec){0, 1000}, NULL), 0);
	UK_CHECK_EQ(thrd_sleep(&(struct timespec){0, -1}, NULL), -2);
	thrd_yield();
	tss_delete(key);
	cnd_destroy(&cond);
	mtx_destroy(&mutex);
}
