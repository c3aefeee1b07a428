/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Text to values, strictly: what parameters, option strings and files need. No function here allocates, waits or
 * keeps state: all may be called in any context. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Parse the whole of text as a number: decimal, or hexadecimal after 0x; the signed form takes a leading minus.
 * 0 and *value; -EINVAL if text is empty or has anything else in it, -ERANGE if it does not fit (*value is left
 * alone). Context: any. */
int uk_text_u64(const char *text, uint64_t *value);
int uk_text_i64(const char *text, int64_t *value);

/* Parse a size in bytes: a number with an optional suffix K, M, G or T (either case; powers of 1024).
 * Errors as uk_text_u64(). Context: any. */
int uk_text_size(const char *text, size_t *value);

/* Parse a switch: on yes true 1, or off no false 0. 0 and *value, or -EINVAL. Context: any. */
int uk_text_bool(const char *text, bool *value);

/* Whether text as a whole matches the pattern, where * stands for any run of characters and ? for one; there
 * are no classes. Takes at most strlen(pattern) * strlen(text) steps. Context: any. */
bool uk_text_match(const char *pattern, const char *text);
