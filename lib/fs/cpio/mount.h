/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* One mounted archive. */
#pragma once

#include <uk/vfs.h>

#include "archive.h"

struct cpio_fs {
	struct uk_mount mount;
	struct cpio_archive archive;
};

/* Mount the archive in memory at a path: 0, -ENOMEM, or -EINVAL after saying on the log where and why it is refused.
 * The memory and fs stay in use until unmounted. Context: after mem/heap. */
int uk_cpio_mount(struct cpio_fs *fs, const void *data, size_t size, const char *at);

/* Take it out of the name space again; files must be closed. -EBUSY if another is mounted below. Context: a thread. */
int uk_cpio_unmount(struct cpio_fs *fs);

/* INIT: mounts the monitor's files, else the embedded ones, at "/"; does nothing if there are neither. An archive that
 * is malformed fails the start. Context: init table. */
int uk_cpio_init(void);
