/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The heap "mimalloc": see <uk/heap.h> for what its operations do. */
#pragma once

#include <uk/heap.h>

extern const struct uk_heap_ops uk_mimalloc_ops;
