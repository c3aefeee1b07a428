/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Recorder for Linux programs: LD_PRELOAD=recorder.so TRACE_FILE=out program. Every allocation of the program is done
 * by glibc and written to the file in the format of lib/mem/heap/trace.c.
 *
 * TRACE_FILE is truncated when the first block is allocated, and taken out of the environment, so that programs started
 * by this one do not write to it. One lock keeps the record in the order in which things happened. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t size);
extern void *__libc_memalign(size_t align, size_t size);
extern void __libc_free(void *p);

static unsigned char buf[1 << 16];
static size_t used;
static int fd = -2; /* not opened yet */
static pid_t owner;
static volatile char locked;

static void flush(void)
{
	size_t done = 0;

	while (fd >= 0 && done < used) {
		ssize_t n = write(fd, buf + done, used - done);

		if (n < 0 && errno != EINTR)
			break;
		done += n > 0 ? (size_t)n : 0;
	}
	used = 0;
}

static void open_file(void)
{
	const char *path = getenv("TRACE_FILE");

	fd = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644) : -1;
	owner = getpid();
}

static void number(uint64_t n)
{
	for (; n >= 128; n >>= 7)
		buf[used++] = (unsigned char)(n | 128);
	buf[used++] = (unsigned char)n;
}

static void enter(void)
{
	while (__atomic_test_and_set(&locked, __ATOMIC_ACQUIRE))
		;
	if (fd == -2)
		open_file();
	if (used > sizeof(buf) - 64)
		flush();
}

static void leave(void)
{
	__atomic_clear(&locked, __ATOMIC_RELEASE);
}

static void *took(void *p, size_t size, size_t align)
{
	if (p) {
		enter();
		buf[used++] = 'a';
		number((uintptr_t)p / 16);
		number(size);
		number((unsigned)__builtin_ctzl(align));
		leave();
	}
	return p;
}

void *malloc(size_t size)
{
	return took(__libc_malloc(size), size, 16);
}

void *calloc(size_t n, size_t size)
{
	return took(__libc_calloc(n, size), n * size, 16);
}

void *memalign(size_t align, size_t size)
{
	return took(__libc_memalign(align, size), size, align);
}

void *aligned_alloc(size_t align, size_t size)
{
	return memalign(align, size);
}

int posix_memalign(void **p, size_t align, size_t size)
{
	*p = memalign(align, size);
	return *p ? 0 : ENOMEM;
}

void free(void *p)
{
	int saved = errno;

	if (!p)
		return;
	enter(); /* recorded before it happens: somebody else may get the block at once */
	buf[used++] = 'f';
	number((uintptr_t)p / 16);
	leave();
	__libc_free(p);
	errno = saved;
}

void *realloc(void *p, size_t size)
{
	if (!p)
		return malloc(size);
	if (!size) {
		free(p);
		return NULL;
	}
	uintptr_t old = (uintptr_t)p;
	void *q = __libc_realloc(p, size);

	if (q) {
		enter();
		buf[used++] = 'r';
		number(old / 16);
		number((uintptr_t)q / 16);
		number(size);
		leave();
	}
	return q;
}

/* A program linked with another allocator must not ask that one about our blocks. */
size_t malloc_usable_size(void *p)
{
	static size_t (*usable)(void *p);

	if (!usable) {
		void *libc = dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);

		usable = (size_t(*)(void *))dlsym(libc, "malloc_usable_size");
	}
	return p ? usable(p) : 0;
}

__attribute__((destructor)) static void finish(void)
{
	enter();
	if (getpid() != owner)
		fd = -1; /* a child: the record is the parent's */
	flush();
	leave();
}
