/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* An fd_set of 1,024 descriptors (128 bytes), as Linux has it. */
#ifndef UK_SYS_SELECT_H
#define UK_SYS_SELECT_H

#ifndef FD_SETSIZE
#define FD_SETSIZE 1024
#endif
#include_next <sys/select.h>

/* newlib shifts a signed one, which is undefined for the last bit of a word. */
#undef FD_SET
#undef FD_CLR
#undef FD_ISSET
#define FD_SET(n, p) ((p)->fds_bits[(n) / NFDBITS] |= 1UL << ((n) % NFDBITS))
#define FD_CLR(n, p) ((p)->fds_bits[(n) / NFDBITS] &= ~(1UL << ((n) % NFDBITS)))
#define FD_ISSET(n, p) ((p)->fds_bits[(n) / NFDBITS] & 1UL << ((n) % NFDBITS))

#endif
