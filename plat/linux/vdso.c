/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Finding a function in the vDSO, a small shared library that the kernel maps (System V ABI, chapters 4 and 5; the
 * hash table is GNU's, which every vDSO since Linux 4.1 has). */

#include <string.h>

#include "linux.h"

struct elf_header {
	uint8_t ident[16];
	uint16_t type, machine;
	uint32_t version;
	uint64_t entry, segments, sections;
	uint32_t flags;
	uint16_t size, segment_size, segment_count;
};

struct segment {
	uint32_t type, flags;
	uint64_t offset, va, pa, file_size, memory_size, align;
};
enum {
	SEGMENT_LOAD = 1,
	SEGMENT_DYNAMIC = 2
};

struct symbol {
	uint32_t name;
	uint8_t info, other;
	uint16_t section;
	uint64_t value, size;
};

struct hash {
	uint32_t buckets, first, bloom_words, bloom_shift;
	uint64_t bloom[];
};

struct image {
	uintptr_t bias; /* what is added to an address of the file */
	const uint64_t *dynamic;
};

/* The entry of the dynamic section, as an address; 0 if there is none. */
static uintptr_t dynamic(const struct image *image, uint64_t tag)
{
	const uint64_t *d = image->dynamic;

	while (d[0] != 0 && d[0] != tag)
		d += 2;
	return d[0] ? image->bias + d[1] : 0;
}
enum {
	DYNAMIC_STRINGS = 5,
	DYNAMIC_SYMBOLS = 6,
	DYNAMIC_GNU_HASH = 0x6ffffef5
};

static uint32_t hash_of(const char *name)
{
	uint32_t h = 5381;

	while (*name)
		h = h * 33 + (uint8_t)*name++;
	return h;
}

static void *find(const struct image *image, const char *name)
{
	const struct symbol *symbols = (const struct symbol *)dynamic(image, DYNAMIC_SYMBOLS);
	const char *strings = (const char *)dynamic(image, DYNAMIC_STRINGS);
	const struct hash *table = (const struct hash *)dynamic(image, DYNAMIC_GNU_HASH);
	const uint32_t wanted = hash_of(name);

	if (!symbols || !strings || !table || table->buckets == 0)
		return NULL;
	const uint32_t *buckets = (const uint32_t *)(table->bloom + table->bloom_words);
	const uint32_t *chain = buckets + table->buckets;
	uint32_t i = buckets[wanted % table->buckets], h;

	if (i < table->first)
		return NULL;
	do {
		h = chain[i - table->first];
		if ((h | 1) == (wanted | 1) && strcmp(strings + symbols[i].name, name) == 0)
			return (void *)(image->bias + symbols[i].value);
		i++;
	} while (!(h & 1));
	return NULL;
}

void *uk_linux_vdso_find(const char *name)
{
	const uintptr_t base = uk_linux_auxv(UK_LINUX_AT_SYSINFO_EHDR);
	const struct elf_header *header = (const struct elf_header *)base;
	struct image image = {base, NULL};
	const struct segment *s;

	if (!base)
		return NULL;
	s = (const struct segment *)(base + header->segments);
	for (unsigned i = 0; i < header->segment_count; i++, s++) {
		if (s->type == SEGMENT_LOAD && s->offset == 0)
			image.bias = base - s->va;
		if (s->type == SEGMENT_DYNAMIC)
			image.dynamic = (const uint64_t *)(base + s->offset);
	}
	return image.dynamic ? find(&image, name) : NULL;
}
