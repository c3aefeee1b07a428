/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The files of the process: an archive named on the command line, mapped when it is first asked for. */

#include <stdbool.h>

#include <uk/param.h>
#include <uk/plat/boot.h>

#include "mman.h"
#include "report.h"
#include "syscall.h"

#define O_CLOEXEC 02000000
#define SEEK_END 2

static const char *path;
UK_PARAM_STRING("initrd", path, "file to use as the read-only root file system (cpio archive)");

#define UNREADABLE 70 /* EX_SOFTWARE of sysexits.h, as for a start-up that fails */

/* The mapping. A program without the files that it was promised must not run: what is wrong is said, and that is all.
 */
static const void *map(size_t *size)
{
	const long fd = uk_linux_call3(UK_LINUX_OPEN, (long)path, O_CLOEXEC, 0);
	const long end = fd < 0 ? fd : uk_linux_call3(UK_LINUX_LSEEK, fd, 0, SEEK_END);
	long at = end;

	if (end > 0)
		at = uk_linux_call6(UK_LINUX_MMAP, 0, end, UK_LINUX_PROT_READ, UK_LINUX_MAP_PRIVATE, fd, 0);
	if (fd >= 0)
		uk_linux_call3(UK_LINUX_CLOSE, fd, 0, 0);
	if (at <= 0 && at > -4096) {
		uk_linux_report("initrd: cannot read ");
		uk_linux_report(path);
		uk_linux_report("\n");
		uk_plat_exit(UNREADABLE);
	}
	*size = (size_t)end;
	return (const void *)at;
}

const void *uk_plat_initrd(size_t *size)
{
	static const void *files;
	static size_t bytes;
	static bool tried;

	if (path && !tried)
		files = map(&bytes);
	tried = true;
	*size = bytes;
	return files;
}
