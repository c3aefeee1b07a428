/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Shared by the files of mem/mimalloc. */
#pragma once

#include <stddef.h>

/* Pages that mimalloc has now, and had at most. */
extern size_t uk_mimalloc_pages, uk_mimalloc_pages_peak;
