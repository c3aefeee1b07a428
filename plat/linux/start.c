/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* From the kernel to uk_boot_start(): thread-local storage, signals, command line. The process's stack is the boot
 * stack, and what lies in the frame of uk_linux_start(), which never returns, lives for ever. */

#include <string.h>

#include <uk/arch/tls.h>
#include <uk/base.h>
#include <uk/plat/boot.h>
#include <uk/plat/cpu.h>

#include "cpu.h"
#include "linux.h"
#include "syscall.h"

#define ARCH_SET_GS 0x1001
#define ARCH_SET_FS 0x1002
#define HWCAP2_FSGSBASE 2
#define HANDLER_STACK 16384 /* what handlers and the panic path take, beside the signal frames */
#define SIGNAL_FRAME 2048   /* at least, where the kernel does not tell */

static const unsigned long *auxv;
static unsigned long hwcap2;
static const char *cmdline;
uintptr_t uk_linux_stack_top;

unsigned long uk_linux_auxv(unsigned long type)
{
	const unsigned long *entry = auxv;

	while (entry[0] != 0 && entry[0] != type)
		entry += 2;
	return entry[0] ? entry[1] : 0;
}

/* Asked at every switch between threads. */
static inline bool has_base_instructions(void)
{
	return hwcap2 & HWCAP2_FSGSBASE;
}

static void set_fs(void *tp)
{
	if (has_base_instructions())
		__asm__ volatile("wrfsbase %0" : : "r"(tp) : "memory");
	else
		uk_linux_call3(UK_LINUX_ARCH_PRCTL, ARCH_SET_FS, (long)tp, 0);
}

void uk_linux_gs_set(struct uk_linux_cpu *c)
{
	c->self = c;
	if (has_base_instructions())
		__asm__ volatile("wrgsbase %0" : : "r"(c) : "memory");
	else
		uk_linux_call3(UK_LINUX_ARCH_PRCTL, ARCH_SET_GS, (long)c, 0);
}

void uk_plat_tls_set(void *tp)
{
	void *current;

	__asm__ volatile("movq %%fs:0, %0" : "=r"(current));
	if (current != tp)
		set_fs(tp);
}

/* Append one word, in single quotes where it has anything that the shell would look at. Returns the end. */
static char *append(char *out, const char *word)
{
	static const char plain[] = "+,-./:=@_%";
	bool quote = *word == '\0';

	for (const char *p = word; *p && !quote; p++)
		quote = !((*p | 0x20) >= 'a' && (*p | 0x20) <= 'z') && !(*p >= '0' && *p <= '9') && !strchr(plain, *p);
	if (quote)
		*out++ = '\'';
	for (; *word; word++) {
		if (*word == '\'') {
			memcpy(out, "'\\'", 3);
			out += 3;
		}
		*out++ = *word;
	}
	if (quote)
		*out++ = '\'';
	return out;
}

/* The most bytes that the joined command line may take. */
static size_t joined_size(char *const *argv)
{
	size_t size = 1;

	for (; *argv; argv++) {
		size += 3;
		for (const char *p = *argv; *p; p++)
			size += *p == '\'' ? 4 : 1;
	}
	return size;
}

static void join(char *out, char *const *argv)
{
	cmdline = out;
	for (; *argv; argv++) {
		out = append(out, *argv);
		if (argv[1])
			*out++ = ' ';
	}
	*out = '\0';
}

size_t uk_linux_signal_stack_size(void)
{
	return 2 * UK_MAX(uk_linux_auxv(UK_LINUX_AT_MINSIGSTKSZ), (unsigned long)SIGNAL_FRAME) + HANDLER_STACK;
}

void uk_linux_start(uintptr_t *stack)
{
	static char *none[1];
	const uintptr_t argc = stack[0];
	char **argv = argc ? (char **)&stack[2] : none; /* without the program's name */
	const uintptr_t *p = &stack[argc + 2];

	while (*p++)
		;
	auxv = p;
	hwcap2 = uk_linux_auxv(UK_LINUX_AT_HWCAP2);
	uk_linux_stack_top = (uintptr_t)stack;
	set_fs(uk_arch_tls_boot(uk_linux_boot_tls, uk_linux_canary()));

	uk_linux_cpus[0].mask = UK_LINUX_MASKED;
	if (UK_SMP)
		uk_linux_gs_set(uk_linux_cpus);

	char line[joined_size(argv)], handlers[uk_linux_signal_stack_size()];

	uk_linux_signal_init(handlers, sizeof(handlers));
	join(line, argv);
	uk_boot_start();
}

const char *uk_plat_name(void)
{
	return "linux";
}

const char *uk_plat_cmdline(void)
{
	return cmdline;
}
