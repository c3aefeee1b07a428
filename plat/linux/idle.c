/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Interrupts of a process: file descriptors that become ready, noticed while idle. The number of a line is the
 * descriptor; a handler must make it unready again (read it), or it is called at once the next time. */

#include <errno.h>

#include <uk/arch/cpu.h>
#include <uk/base.h>
#include <uk/plat/cpu.h>
#include <uk/plat/time.h>

#include "interrupt.h"
#include "linux.h"
#include "syscall.h"

#define LINES 32
#define NS_PER_S 1000000000ull
#define NEVER ((uint64_t)INT32_MAX * NS_PER_S) /* long enough to be waited for, short enough for every kernel */
#define PR_SET_TIMERSLACK 29

struct line {
	void (*function)(void *arg);
	void *arg;
};

/* The first line is the console's and has no handler. */
static struct uk_linux_pollfd fds[LINES + 1] = {{0, UK_LINUX_POLLIN, 0}};
static struct line lines[LINES + 1];
static size_t count = 1;

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

/* Sleep at most ns, unless something is pending or becomes so. A signal that comes before the system call has begun
 * makes the time 0. */
static bool sleep(struct uk_linux_cpu *c, uint64_t ns)
{
	const size_t first = uk_linux_input_awaited ? 0 : 1;

	c->timeout = (struct uk_linux_timespec){(int64_t)(ns / NS_PER_S), (int64_t)(ns % NS_PER_S)};
	uk_arch_barrier();
	if (uk_linux_pending())
		return false;
	return uk_linux_call6(UK_LINUX_PPOLL, (long)&fds[first], (long)(count - first), (long)&c->timeout, 0, 0, 0) > 0;
}

void uk_plat_idle(uint64_t deadline)
{
	struct uk_linux_cpu *c = uk_linux_this_cpu();
	uint64_t ns = NEVER;
	bool ready;

	if (deadline != UINT64_MAX) {
		const uint64_t now = uk_plat_time_ns();

		ns = deadline > now ? deadline - now : 0;
		if (!c->slack)
			uk_linux_call3(UK_LINUX_PRCTL, PR_SET_TIMERSLACK, 1, 0);
		c->slack = true;
	}
	ready = sleep(c, ns);
	if (uk_linux_pending())
		((uk_linux_deliver_t *)c->pending)(UK_LINUX_MASKED);
	/* Backwards, since a handler may give its own line back, which moves the last one to its place. */
	for (size_t i = count; ready && i-- > 1;)
		if (fds[i].revents && lines[i].function)
			lines[i].function(lines[i].arg);
}
