/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <stdlib.h>
#include <string.h>

#include <uk/text.h>

int uk_fuzz_text(const uint8_t *data, size_t size);

/* The data is a pattern, a NUL and a text; every parser reads the pattern, too. What a parser accepts is checked by
 * properties, since the C library's own parsers are looser. */
int uk_fuzz_text(const uint8_t *data, size_t size)
{
	char *text = calloc(1, size + 2);
	uint64_t u = 1;
	int64_t i;
	size_t bytes = 0;
	bool b;

	if (!text)
		return 0;
	memcpy(text, data, size);
	if (!uk_text_u64(text, &u) && u != strtoull(text, NULL, text[0] == '0' && (text[1] | 32) == 'x' ? 16 : 10))
		abort();
	if (!uk_text_u64(text, &u) && (uk_text_size(text, &bytes) || bytes != u))
		abort();
	uk_text_i64(text, &i);
	uk_text_bool(text, &b);
	uk_text_match(text, text + strlen(text) + 1);
	if (!strpbrk(text, "*?") && !uk_text_match(text, text))
		abort();
	free(text);
	return 0;
}
