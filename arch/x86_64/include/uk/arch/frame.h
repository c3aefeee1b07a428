/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Walking the chain of stack frames. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Store at most max return addresses into out, innermost first, and return how many. fp is the innermost frame
 * pointer (uk_arch_fp(), uk_arch_regs_fp()); only memory in [low, high), the stack's bounds, is read, and every frame
 * must lie above the one before, so a broken chain ends the walk instead of trapping or looping. Code compiled
 * without frame pointers is left out or ends it. Context: any. */
size_t uk_arch_backtrace(uintptr_t fp, uintptr_t low, uintptr_t high, uintptr_t *out, size_t max);

/* The same for code without frame pointers, as well as it can be told: every word in [low, high) that points behind a
 * call instruction within the image's text [text, text_end) is taken for a return address. Some will be left over
 * from calls that have ended. Reads the whole range. Context: any. */
size_t uk_arch_scan(uintptr_t low, uintptr_t high, uintptr_t text, uintptr_t text_end, uintptr_t *out, size_t max);
