/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* POSIX.1-2017 <sys/uio.h>. */
#pragma once

#include <sys/types.h>

struct iovec {
	void *iov_base;
	size_t iov_len;
};

/* Read into, write from, n pieces in one call: bytes done, -1 with errno. */
ssize_t readv(int fd, const struct iovec *iov, int n);
ssize_t writev(int fd, const struct iovec *iov, int n);
