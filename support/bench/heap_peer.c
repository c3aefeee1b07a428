/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The peer of apps/heapbench: the same loop over the same traces as an ordinary Linux program, on glibc's malloc or,
 *built with PEER_MIMALLOC, on Debian's libmimalloc.
 *
 *	heap_peer MILLISECONDS FILE.trace ...		prints the columns of heapbench --csv
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "trace.h"

#ifdef PEER_MIMALLOC
#include <mimalloc.h>
#define PEER "mimalloc"
#define REPLAY_ALLOC(h, size) mi_malloc(size)
#define REPLAY_ALIGNED(h, size, align) mi_malloc_aligned(size, align)
#define REPLAY_FREE(h, p) mi_free(p)
#define REPLAY_REALLOC(h, p, size) mi_realloc(p, size)
#else
#define PEER "glibc"
#define REPLAY_ALLOC(h, size) malloc(size)
#define REPLAY_ALIGNED(h, size, align) aligned_alloc(align, size)
#define REPLAY_FREE(h, p) free(p)
#define REPLAY_REALLOC(h, p, size) realloc(p, size)
#endif
#define REPLAY_NAME replay
#include "replay.h"

static unsigned long long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (unsigned long long)t.tv_sec * 1000000000 + (unsigned long long)t.tv_nsec;
}

static size_t resident_kib(void)
{
	size_t size = 0, resident = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	if (f && fscanf(f, "%zu %zu", &size, &resident) != 2)
		resident = 0;
	if (f)
		fclose(f);
	return resident * (size_t)sysconf(_SC_PAGESIZE) / 1024;
}

static int run(const char *name, const struct trace *t, void **slots, unsigned long long limit)
{
	size_t before = resident_kib();
	unsigned long long best = 0, ns, start;

	if (replay(NULL, t, slots))
		return -1;
	size_t after = resident_kib();

	for (unsigned long long total = 0; total < limit; total += ns) {
		start = now();
		if (replay(NULL, t, slots))
			return -1;
		ns = now() - start;
		best = best && best < ns ? best : ns;
	}
	printf(PEER ",%s,%llu,,%zu,,\n", name, t->count * 1000000000ULL / best, after - before);
	return 0;
}

/* The files are read and decoded outside of the heap that is measured as far as that goes: in one block each. */
static int run_file(const char *path, unsigned long long limit)
{
	static unsigned char data[1 << 20];
	static char name[64];
	struct trace t = {.name = name};
	const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	FILE *f = fopen(path, "rb");
	size_t size = f ? fread(data, 1, sizeof(data), f) : 0, need = trace_memory(data, size);
	void *memory = need ? aligned_alloc(16, need) : NULL;

	if (f)
		fclose(f);
	if (!memory || trace_decode(data, size, memory, &t))
		return -1;
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(base, "."), base);
	void **slots = calloc(t.slots, sizeof(*slots));
	int err = slots ? run(name, &t, slots, limit) : -1;

	free(slots);
	free(memory);
	return err;
}

int main(int argc, char **argv)
{
	int err = 0;

	for (int i = 2; i < argc; i++)
		if (run_file(argv[i], strtoull(argv[1], NULL, 10) * 1000000)) {
			fprintf(stderr, "heap_peer: %s: cannot be replayed\n", argv[i]);
			err = 1;
		}
	return err;
}
