/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Any bytes as an archive: it is refused, or all of its entries can be opened, read and listed. */
#include <stdint.h>

#include <uk/file.h>

#include "../mount.h"

int uk_fuzz_cpio(const uint8_t *data, size_t size);

static void use(struct uk_file *f, unsigned *sum)
{
	char buf[256];
	struct uk_iovec iov = {buf, sizeof(buf)};
	uint64_t cookie = 0;
	struct uk_stat st;
	ssize_t n;

	uk_file_stat(f, &st);
	while ((n = uk_file_readv(f, &iov, 1)) > 0)
		for (ssize_t i = 0; i < n; i++)
			*sum += (unsigned char)buf[i];
	if (f->ops->getdents)
		while ((n = f->ops->getdents(f, buf, sizeof(buf), &cookie)) > 0)
			*sum += (unsigned)n;
}

int uk_fuzz_cpio(const uint8_t *data, size_t size)
{
	struct cpio_fs fs;
	struct uk_file *f;
	char path[256], target[64];
	volatile unsigned sink;
	unsigned sum = 0;

	if (uk_cpio_mount(&fs, data, size, "/fuzz"))
		return 0;
	for (size_t i = 0; i < fs.archive.count && i < 1000; i++) {
		const struct cpio_entry *e = &fs.archive.entries[i];

		if (e->name_len >= sizeof(path))
			continue;
		for (size_t j = 0; j < e->name_len; j++)
			path[j] = e->name[j];
		path[e->name_len] = '\0';
		fs.mount.ops->readlink(&fs.mount, path, target, sizeof(target));
		if (!uk_vfs_open("/fuzz", e->name_len ? path : ".", 0, 0, &f)) {
			use(f, &sum);
			uk_file_put(f);
		}
	}
	sink = sum;
	(void)sink;
	return uk_cpio_unmount(&fs);
}
