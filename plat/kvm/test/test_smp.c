/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Other CPUs, started without a scheduler: each waits for work in uk_plat_idle() with interrupts masked. With the
 * parameter cpus=1 a scheduler leaves them alone; where it has started them, its own tests use them. */

#include <errno.h>
#include <string.h>

#include <uk/arch/cpu.h>
#include <uk/arch/tls.h>
#include <uk/kvm.h>
#include <uk/lock.h>
#include <uk/plat/cpu.h>
#include <uk/plat/memory.h>
#include <uk/plat/time.h>
#include <uk/test.h>

#include "../smp.h"

#define MS 1000000ull
#define PATIENCE (20000 * MS)
#define VA 0x300000000000ull

static struct worker {
	char stack[8192] UK_ALIGNED(16);
	char tls[4096] UK_ALIGNED(64);
	void (*work)(unsigned cpu);
	unsigned number, timers;
	bool started;
} workers[UK_SMP ? UK_CPUS : 2];

static char pages[2][UK_PAGE_SIZE] UK_ALIGNED(4096);
static _Thread_local unsigned own = 17;

/* How many there are. */
static unsigned all(void)
{
	return UK_SMP ? uk_kvm_smp_found() : 1;
}

static void serve(void *arg)
{
	struct worker *w = arg;

	for (;;) {
		void (*work)(unsigned) = __atomic_load_n(&w->work, __ATOMIC_ACQUIRE);

		if (work) {
			work((unsigned)(w - workers));
			__atomic_store_n(&w->work, NULL, __ATOMIC_RELEASE);
		} else {
			uk_plat_idle(UINT64_MAX);
		}
	}
}

static bool done(const struct worker *w)
{
	const uint64_t end = uk_plat_time_ns() + PATIENCE;

	while (__atomic_load_n(&w->work, __ATOMIC_ACQUIRE) && uk_plat_time_ns() < end)
		uk_arch_pause();
	return !__atomic_load_n(&w->work, __ATOMIC_ACQUIRE);
}

static void begin(unsigned cpu, void (*work)(unsigned cpu))
{
	__atomic_store_n(&workers[cpu].work, work, __ATOMIC_RELEASE);
	uk_plat_cpu_kick(cpu);
}

static bool do_on(unsigned cpu, void (*work)(unsigned cpu))
{
	begin(cpu, work);
	return done(&workers[cpu]);
}

/* Start all other CPUs, once. */
static int start_all(void)
{
	for (unsigned i = 1; i < all(); i++) {
		struct worker *w = &workers[i];

		if (w->started)
			continue;
		if (uk_arch_tls_size() > sizeof(w->tls))
			return -ENOMEM;
		if (uk_plat_cpu_start(i, serve, w, w->stack + sizeof(w->stack), uk_arch_tls_init(w->tls)) != 0)
			return 0; /* somebody has them */
		w->started = true;
	}
	return 0;
}
UK_TEST_FIXTURE(kvm_smp, start_all, NULL);

static void need_them(void)
{
	if (all() < 2)
		UK_SKIP("one CPU");
	if (!workers[1].started)
		UK_SKIP("a scheduler has the other CPUs");
}

static void note_number(unsigned cpu)
{
	workers[cpu].number = uk_plat_cpu();
}

UK_TEST(kvm_smp, each_knows_its_number)
{
	need_them();
	for (unsigned i = 1; i < all(); i++) {
		UK_CHECK(do_on(i, note_number));
		UK_CHECK_EQ(workers[i].number, i);
	}
	UK_CHECK_EQ(uk_plat_cpu(), 0);
}

static void change_own(unsigned cpu)
{
	workers[cpu].number = own == 17 ? 4711 : 0;
	own = 18;
}

/* Not more than once in a run: the variable keeps its value. */
UK_TEST(kvm_smp, each_has_thread_local_storage)
{
	need_them();
	for (unsigned i = 1; i < all(); i++) {
		UK_CHECK(do_on(i, change_own));
		UK_CHECK_EQ(workers[i].number, 4711);
	}
	UK_CHECK_EQ(own, 17);
}

UK_TEST(kvm_smp, refuses)
{
	UK_CHECK_EQ(uk_plat_cpu_start(0, serve, NULL, NULL, NULL), -EINVAL);
	UK_CHECK_EQ(uk_plat_cpu_start(all(), serve, NULL, NULL, NULL), -EINVAL);
	UK_CHECK_EQ(uk_plat_cpu_start(UINT32_MAX, serve, NULL, NULL, NULL), -EINVAL);
	UK_CHECK(uk_plat_cpus() <= UK_CPUS && uk_plat_cpus() <= all());
	if (all() > 1)
		UK_CHECK_EQ(uk_plat_cpu_start(1, serve, NULL, NULL, NULL), -EINVAL);
}

/* A clock that several read in turn never goes back: each reads more than what the one before has read. */
static struct {
	struct uk_lock lock;
	uint64_t last, wrong;
} shared_clock;

static void read_clock(unsigned cpu UK_UNUSED)
{
	for (unsigned i = 0; i < 20000; i++) {
		const unsigned long state = uk_lock_acquire_irq(&shared_clock.lock);
		const uint64_t now = uk_plat_time_ns();

		shared_clock.wrong += now < shared_clock.last;
		shared_clock.last = now;
		uk_lock_release_irq(&shared_clock.lock, state);
	}
}

UK_TEST(kvm_smp, the_clock_is_monotonic_across_cpus)
{
	need_them();
	for (unsigned i = 1; i < all(); i++)
		begin(i, read_clock);
	read_clock(0);
	for (unsigned i = 1; i < all(); i++)
		UK_CHECK(done(&workers[i]));
	UK_CHECK_EQ(shared_clock.wrong, 0);
}

static struct uk_plat_mapping mapping(uintptr_t va, const void *page, unsigned prot)
{
	return (struct uk_plat_mapping){va, uk_plat_phys(page), UK_PAGE_SIZE, prot};
}

static void look(unsigned cpu)
{
	workers[cpu].number = *(volatile unsigned char *)VA;
}

/* What a CPU has seen behind an address is not what it sees after another one has mapped it to something else. */
UK_TEST(kvm_smp, flushes_the_others)
{
	need_them();
	memset(pages[0], 1, UK_PAGE_SIZE);
	memset(pages[1], 2, UK_PAGE_SIZE);
	for (unsigned round = 0; round < 50; round++) {
		struct uk_plat_mapping m = mapping(VA, pages[round % 2], UK_PLAT_READ);

		UK_REQUIRE(uk_plat_map(&m, 1) == 0);
		for (unsigned i = 1; i < all(); i++) {
			UK_REQUIRE(do_on(i, look));
			UK_CHECK_EQ(workers[i].number, round % 2 + 1);
		}
		UK_REQUIRE(uk_plat_unmap(&m, 1) == 0);
	}
}

static unsigned map_errors;

static void map_and_unmap(unsigned cpu)
{
	for (unsigned i = 0; i < 300; i++) {
		const uintptr_t at = VA + ((uintptr_t)(cpu + 1) << 30);
		struct uk_plat_mapping m = mapping(at, pages[i % 2], UK_PLAT_READ | UK_PLAT_WRITE);
		int err = uk_plat_map(&m, 1);

		if (!err)
			*(volatile char *)at = (char)i;
		m.prot = UK_PLAT_READ;
		if (err || uk_plat_protect(&m, 1) || uk_plat_unmap(&m, 1))
			__atomic_fetch_add(&map_errors, 1, __ATOMIC_RELAXED);
	}
}

/* All change page tables at once, with interrupts masked: nobody waits for ever. */
UK_TEST(kvm_smp, all_change_page_tables)
{
	unsigned long state;

	need_them();
	state = uk_plat_irq_save();
	for (unsigned i = 1; i < all(); i++)
		begin(i, map_and_unmap);
	map_and_unmap(0);
	for (unsigned i = 1; i < all(); i++)
		UK_CHECK(done(&workers[i]));
	uk_plat_irq_restore(state);
	UK_CHECK_EQ(map_errors, 0);
}

static void set_timer(unsigned cpu)
{
	const uint64_t deadline = uk_plat_time_ns() + 2 * MS;

	while (uk_plat_time_ns() < deadline)
		uk_plat_idle(deadline);
	workers[cpu].timers++;
}

UK_TEST(kvm_smp, each_has_a_timer)
{
	need_them();
	for (unsigned i = 1; i < all(); i++) {
		const unsigned before = workers[i].timers;

		UK_CHECK(do_on(i, set_timer));
		UK_CHECK_EQ(workers[i].timers, before + 1);
	}
}

UK_TEST(kvm_smp, kicks_wake)
{
	need_them();
	for (unsigned round = 0; round < 1000; round++)
		UK_REQUIRE(do_on(1 + round % (all() - 1), note_number));
}
