/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What the files of plat/linux share. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* From the linker script: the image's bounds, and room for the boot thread's TLS block. */
extern char uk_linux_image[], uk_linux_image_end[], uk_linux_boot_tls[];

/* From entry.S: the return of a signal handler to the kernel. */
void uk_linux_sigreturn(void);

/* Start of the C code, called by entry.S with the stack as the kernel filled it (System V ABI, 3.4.1). */
_Noreturn void uk_linux_start(uintptr_t *stack);

/* The value of an entry of the auxiliary vector (Linux include/uapi/linux/auxvec.h); 0 if there is none. Context: any
 * after start. */
unsigned long uk_linux_auxv(unsigned long type);
enum {
	UK_LINUX_AT_HWCAP2 = 26,
	UK_LINUX_AT_SYSINFO_EHDR = 33,
	UK_LINUX_AT_MINSIGSTKSZ = 51,
};

/* The top of the process's stack at start. */
extern uintptr_t uk_linux_stack_top;

/* Bytes for a stack of signal handlers: an interrupt's, within it a fault's, and what the panic path takes.
 * Context: any after start. */
size_t uk_linux_signal_stack_size(void);

/* Have faults reported as panics, from handlers on the given stack; ignore SIGPIPE. Context: once, start. */
void uk_linux_signal_init(void *stack, size_t size);

/* The pattern for the stack protector's canary: random where the code is compiled with it, else 0. Context: start. */
uintptr_t uk_linux_canary(void);

/* The function of the given name in the vDSO (Linux Documentation/ABI/stable/vdso); NULL if there is none.
 * Context: any. */
void *uk_linux_vdso_find(const char *name);

/* Somebody waits for console input or no longer does: its arrival ends uk_plat_idle(). Context: any, no lock held. */
void uk_linux_input_await(bool awaited);

/* A clock of the kernel's (clock_gettime(2)). Context: any. */
enum {
	UK_LINUX_REALTIME,
	UK_LINUX_MONOTONIC
};
uint64_t uk_linux_host_ns(int clock);

/* struct timespec, struct pollfd, struct rlimit and others as the kernel has them. */
struct uk_linux_timespec {
	int64_t sec, nsec;
};

struct uk_linux_pollfd {
	int fd;
	short events, revents;
};
enum {
	UK_LINUX_POLLIN = 1,
	UK_LINUX_POLLOUT = 4,
	UK_LINUX_POLLNVAL = 0x20
};

/* Wait until one of n descriptors is ready or ns nanoseconds have passed (UINT64_MAX: no limit). What ppoll(2)
 * returns. Context: any but interrupt handlers. */
long uk_linux_poll(struct uk_linux_pollfd *fds, size_t n, uint64_t ns);
