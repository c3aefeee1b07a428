/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Interrupt lines of a process: file descriptors that become ready. The number of a line is the descriptor; a handler
 * must make it unready again (read it), or it is called at once the next time. CPU 0 notices: while it idles at once,
 * while it is busy by looking now and then (timer.c), in images with a scheduler.
 *
 * Locking: the lock covers the table. CPU 0 gives it to the kernel without the lock; what has changed meanwhile makes
 * the answer void. A handler is called without the lock; whoever gives its line back on another CPU waits for it. */

#include <errno.h>

#include <uk/arch/cpu.h>
#include <uk/base.h>
#include <uk/lock.h>
#include <uk/plat/console.h>
#include <uk/plat/cpu.h>

#include "lines.h"
#include "syscall.h"

#define LINES 32
#define NOBODY (-1)

struct line {
	void (*function)(void *arg);
	void *arg;
};

/* The first line is the console's, watched only while somebody waits for it. */
static struct uk_linux_pollfd fds[LINES + 1] = {{0, UK_LINUX_POLLIN, 0}};
static struct line lines[LINES + 1];
static size_t count = 1;
static struct uk_lock lock = UK_LOCK_INIT;
static unsigned changes; /* of the table */
static int running = NOBODY;
static bool input_awaited;

void (*uk_linux_lines_look)(void);
void (*uk_linux_lines_look_soon)(void);

bool uk_linux_lines_any(void)
{
	return count > 1 || input_awaited;
}

void uk_linux_lines_changed(void)
{
	if (uk_linux_lines_look)
		uk_linux_lines_look();
}

void uk_linux_input_await(bool awaited)
{
	if (awaited == input_awaited)
		return;
	input_awaited = awaited;
	if (awaited)
		uk_linux_lines_changed();
}

static void (*input_arrived)(void);

static void arrived(void *arg UK_UNUSED)
{
	input_awaited = false; /* until who was told has found that there is no more */
	input_arrived();
}

bool uk_plat_console_notify(void (*function)(void))
{
	input_arrived = function;
	lines[0].function = arrived;
	return true;
}

static int attach(int fd, struct line line)
{
	struct uk_linux_pollfd test = {fd, 0, 0};

	if (count > LINES || (uk_linux_poll(&test, 1, 0) > 0 && test.revents & UK_LINUX_POLLNVAL))
		return -EINVAL;
	fds[count] = (struct uk_linux_pollfd){fd, UK_LINUX_POLLIN, 0};
	lines[count++] = line;
	return 0;
}

static int detach(size_t at)
{
	const int fd = fds[at].fd;

	if (at == count)
		return NOBODY;
	count--;
	fds[at] = fds[count];
	lines[at] = lines[count];
	return fd;
}

int uk_plat_irq_attach(unsigned irq, void (*handler)(void *arg), void *arg)
{
	unsigned long state;
	size_t at = 1;
	int err = 0, gone = NOBODY;

	if (irq > INT32_MAX)
		return -EINVAL;
	state = uk_lock_acquire_irq(&lock);
	while (at < count && fds[at].fd != (int)irq)
		at++;
	if (!handler)
		gone = detach(at);
	else
		err = at < count ? -EBUSY : attach((int)irq, (struct line){handler, arg});
	changes++;
	uk_lock_release_irq(&lock, state);
	while (UK_SMP && gone != NOBODY && uk_plat_cpu() != 0 && __atomic_load_n(&running, __ATOMIC_ACQUIRE) == gone)
		uk_arch_pause();
	if (handler && !err)
		uk_linux_lines_changed();
	return err;
}

/* The line at a place if it was found ready; no longer so afterwards. */
static struct line take_ready(size_t at)
{
	struct line line = {NULL, NULL};

	uk_lock_acquire(&lock);
	if (at < count && fds[at].revents) {
		fds[at].revents = 0;
		line = lines[at];
		running = fds[at].fd;
	}
	uk_lock_release(&lock);
	return line;
}

/* Backwards, since a handler may give its own line back, which moves the last one to its place. */
static unsigned call_handlers(void)
{
	unsigned called = 0;

	for (size_t at = count; at-- > 0;) {
		struct line line = take_ready(at);

		if (line.function)
			line.function(line.arg);
		called += line.function != NULL;
		__atomic_store_n(&running, NOBODY, __ATOMIC_RELEASE);
	}
	return called;
}

unsigned uk_linux_lines_wait(struct uk_linux_timespec *timeout)
{
	const size_t first = input_awaited ? 0 : 1;
	const unsigned seen = __atomic_load_n(&changes, __ATOMIC_ACQUIRE);
	long ready;

	fds[0].revents = 0;
	ready = uk_linux_call6(UK_LINUX_PPOLL, (long)&fds[first], (long)(count - first), (long)timeout, 0, 0, 0);
	if (ready <= 0 || seen != __atomic_load_n(&changes, __ATOMIC_ACQUIRE))
		return 0;
	return call_handlers();
}
