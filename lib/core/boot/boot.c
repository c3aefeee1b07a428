/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The boot path. Nothing here names a library: the build generates the table.
 *
 * Locking: the table is run through by one thread, the boot thread at start, and at shutdown whoever came first. */
#include <core/boot/config.h>

#include <stdbool.h>
#include <stddef.h>

#include <uk/arch/tls.h>
#include <uk/base.h>
#include <uk/boot.h>
#include <uk/param.h>
#include <uk/plat/boot.h>
#include <uk/print.h>
#include <uk/wait.h>

#ifndef UK_VERSION
#define UK_VERSION "(unknown version)"
#endif

#define STATUS_USAGE 64 /* sysexits' EX_USAGE: the command line was wrong */
#define STATUS_INIT 70  /* EX_SOFTWARE: an entry of the init table failed */

static unsigned done; /* entries of the table whose init succeeded and whose fini has not begun */

#if CONFIG_CORE_BOOT_BANNER /* a parameter belongs to the image only where it does something */
static bool banner = true;
UK_PARAM_BOOL("banner", banner, "print one line with the version at start");
#else
static const bool banner;
#endif

/* Written digit by digit: an image may have no other use for the formatter. */
static void report(const char *library, int error)
{
	char digits[12], *d = digits + sizeof(digits) - 1;

	*d = 0;
	for (unsigned e = (unsigned)error; e; e /= 10)
		*--d = (char)('0' + e % 10);
	uk_print_strings("boot: ", library, " failed: error ", d, "\n", NULL);
}

int uk_boot_init(void)
{
	for (; done < uk_boot_count; done++) {
		const struct uk_init *entry = &uk_boot_table[done];
		int error = entry->init();

		if (error) {
			report(entry->library, -error);
			return error;
		}
	}
	return 0;
}

/* Returns for the first thread that shuts down, whenever it comes. */
static void begin_shutdown(void)
{
	static void *first;
	void *self = uk_arch_tls_self(), *other = NULL;

	if (__atomic_compare_exchange_n(&first, &other, self, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return;
	while (other != self)
		uk_wait_until(UK_WAIT_FOREVER);
}

_Noreturn void uk_boot_exit(int status)
{
	if (UK_ENABLED(CORE_BOOT_THREADS))
		begin_shutdown();
	while (done)
		if (uk_boot_table[--done].fini)
			uk_boot_table[done].fini();
	uk_plat_exit(status);
}

_Noreturn void uk_boot_start(void)
{
	struct uk_param_args args;
	int error = uk_param_parse(uk_plat_cmdline(), uk_boot_app, &args);

	if (error)
		uk_plat_exit(error < 0 ? STATUS_USAGE : 0);
	if (banner)
		uk_print_strings("Tessera " UK_VERSION ", ", uk_boot_app, " on ", uk_plat_name(), "\n", NULL);
	if (uk_boot_init())
		uk_boot_exit(STATUS_INIT);
	uk_boot_exit(uk_libc_start(args.argc, args.argv, args.envp));
}
