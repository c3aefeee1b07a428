/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Interrupts of a process: file descriptors that become ready, noticed while idle. The number of a line is the
 * descriptor; a handler must make it unready again (read it), or it is called at once the next time. */

#include <errno.h>

#include <uk/base.h>
#include <uk/plat/cpu.h>
#include <uk/plat/time.h>

#include "linux.h"
#include "syscall.h"

#define LINES 32
#define NS_PER_S 1000000000ull
#define MASKED 1ul

struct line {
	void (*function)(void *arg);
	void *arg;
};

/* The first line is the console's and has no handler. */
static struct uk_linux_pollfd fds[LINES + 1] = {{0, UK_LINUX_POLLIN, 0}};
static struct line lines[LINES + 1];
static size_t count = 1;

static unsigned long mask = MASKED;

unsigned long uk_plat_irq_save(void)
{
	const unsigned long state = mask;

	mask = MASKED;
	__asm__ volatile("" : : : "memory");
	return state;
}

void uk_plat_irq_restore(unsigned long state)
{
	__asm__ volatile("" : : : "memory");
	mask = state;
}

long uk_linux_poll(struct uk_linux_pollfd *p, size_t n, uint64_t ns)
{
	const struct uk_linux_timespec limit = {(int64_t)(ns / NS_PER_S), (int64_t)(ns % NS_PER_S)};

	return uk_linux_call6(UK_LINUX_PPOLL, (long)p, (long)n, ns == UINT64_MAX ? 0 : (long)&limit, 0, 0, 0);
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

int uk_plat_irq_attach(unsigned irq, void (*handler)(void *arg), void *arg)
{
	size_t at = 1;

	if (irq > INT32_MAX)
		return -EINVAL;
	while (at < count && fds[at].fd != (int)irq)
		at++;
	if (handler)
		return at < count ? -EBUSY : attach((int)irq, (struct line){handler, arg});
	if (at == count)
		return 0;
	count--;
	fds[at] = fds[count];
	lines[at] = lines[count];
	return 0;
}

void uk_plat_idle(uint64_t deadline)
{
	const size_t first = uk_linux_input_awaited ? 0 : 1;
	uint64_t ns = UINT64_MAX;

	if (deadline != UINT64_MAX) {
		const uint64_t now = uk_plat_time_ns();

		if (deadline <= now)
			return;
		ns = deadline - now;
	}
	if (uk_linux_poll(&fds[first], count - first, ns) <= 0)
		return;
	/* Backwards, since a handler may give its own line back, which moves the last one to its place. */
	for (size_t i = count; i-- > 1;)
		if (fds[i].revents && lines[i].function)
			lines[i].function(lines[i].arg);
}
